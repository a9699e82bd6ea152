import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { OPEN_VIEWS, readViewFile, readViews, VIEWS_MAX } from "../../src/views/view-file.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

function problems(json: unknown): readonly string[] {
  const outcome = readViews(json);
  return outcome.ok ? [] : outcome.problems;
}

describe("a file of views", () => {
  it("needs a view's name and nothing else; what is not said shows everything, to those with a ticket", () => {
    const outcome = readViews({ views: { staff: {} } });
    expect(outcome).toEqual({
      ok: true,
      views: [{ ...OPEN_VIEWS[0], name: "staff", access: "ticket" }],
    });
  });

  it("is read with every rule", () => {
    const outcome = readViews({
      optOut: ["5"],
      views: {
        public: {
          access: "anyone",
          rooms: { only: ["1", "2"], except: ["3"], kinds: ["stage"] },
          people: "anonymous",
          bots: false,
          show: { avatars: false, flags: false, status: false, times: false },
        },
      },
    });
    expect(outcome).toEqual({
      ok: true,
      views: [
        {
          name: "public",
          access: "anyone",
          rooms: { only: new Set(["1", "2"]), except: new Set(["3"]), kinds: new Set(["stage"]) },
          people: { shown: "anonymous", bots: false },
          show: { avatars: false, flags: false, status: false, times: false },
          optOut: new Set(["5"]),
        },
      ],
    });
  });

  it("says of every mistake where it is and what would be right", () => {
    expect(
      problems({
        optOut: [5],
        views: {
          public: {
            access: "all",
            rooms: { only: ["general"], kinds: [] },
            people: "pseudonyms",
            bots: "no",
            show: { avatar: false },
          },
        },
      }),
    ).toEqual([
      "optOut.0 must be a Discord id in quotes, up to 20 digits",
      'views.public.access must be "anyone" or "ticket"',
      "views.public.rooms.only.0 must be a Discord id in quotes, up to 20 digits",
      "views.public.rooms.kinds must name at least one kind",
      'views.public.people must be "named", "anonymous" or "none"',
      "views.public.bots must be true or false",
      'views.public.show has "avatar", which means nothing: see docs/views.md for the names',
    ]);
  });

  it.each([
    [{ views: {} }, "views must name at least one view"],
    [{}, "views must name at least one view"],
    [{ views: { Public: {} } }, "views.Public: a view's name is"],
    [
      { views: Object.fromEntries(Array.from({ length: VIEWS_MAX + 1 }, (_, index) => [`v${index}`, {}])) },
      "views may name at most 16 views",
    ],
    [{ view: {}, views: { v: {} } }, 'the file has "view"'],
  ])("refuses %j", (json, problem) => {
    expect(problems(json)).toEqual([expect.stringContaining(problem)]);
  });

  it("is named when it is missing or no JSON", () => {
    const path = join(temporaryDirectory(), "views.json");
    expect(readViewFile(path)).toMatchObject({
      problems: [expect.stringContaining(`the file ${path} cannot be read`)],
    });
    writeFileSync(path, "{");
    expect(readViewFile(path)).toMatchObject({
      problems: [expect.stringContaining(`the file ${path} is not JSON`)],
    });
  });
});
