/**
 * The operator's views, from the JSON file that `VIEWS_FILE` names. All mistakes are found at once, each with its place
 * in the file and what to do; a misspelt rule is a mistake too, for it would show what was meant to be hidden.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { View } from "./view.ts";

export const VIEWS_MAX = 16;
const IDS_MAX = 10_000;

const ID_PROBLEM = "must be a Discord id in quotes, up to 20 digits";
const ids = z.array(z.string({ error: ID_PROBLEM }).regex(/^\d{1,20}$/, ID_PROBLEM)).max(IDS_MAX);
const toggle = z.boolean({ error: "must be true or false" });

const viewSchema = z.strictObject({
  access: z.enum(["anyone", "ticket"], { error: 'must be "anyone" or "ticket"' }).default("ticket"),
  rooms: z
    .strictObject({
      only: ids.optional(),
      except: ids.default([]),
      kinds: z
        .array(z.enum(["voice", "stage"], { error: 'must be "voice" or "stage"' }))
        .min(1, "must name at least one kind")
        .default(["voice", "stage"]),
    })
    .prefault({}),
  people: z
    .enum(["named", "anonymous", "none"], { error: 'must be "named", "anonymous" or "none"' })
    .default("named"),
  bots: toggle.default(true),
  show: z
    .strictObject({
      avatars: toggle.default(true),
      flags: toggle.default(true),
      status: toggle.default(true),
      times: toggle.default(true),
    })
    .prefault({}),
});

const NAME_PROBLEM = "a view's name is a letter and then up to 31 letters, digits or -, all small";

const fileSchema = z.strictObject({
  optOut: ids.default([]),
  views: z
    .record(z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, NAME_PROBLEM), viewSchema, {
      error: "must name at least one view",
    })
    .refine((views) => Object.keys(views).length > 0, "must name at least one view")
    .refine((views) => Object.keys(views).length <= VIEWS_MAX, `may name at most ${VIEWS_MAX} views`),
});

export type ViewsOutcome =
  | { readonly ok: true; readonly views: readonly View[] }
  /** Lines such as `views.public.people must be …`. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** Without a file: one view that shows everything to anyone. */
export const OPEN_VIEWS: readonly View[] = parsed({ views: { public: { access: "anyone" } } });

export function readViewFile(path: string): ViewsOutcome {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    const reason =
      cause instanceof SyntaxError ? `is not JSON: ${cause.message}` : `cannot be read: ${String(cause)}`;
    return { ok: false, problems: [`the file ${path} ${reason}`] };
  }
  return readViews(json);
}

export function readViews(json: unknown): ViewsOutcome {
  const outcome = fileSchema.safeParse(json);
  if (outcome.success) return { ok: true, views: viewsOf(outcome.data) };
  return { ok: false, problems: outcome.error.issues.map(problemLine) };
}

function problemLine(issue: z.core.$ZodIssue): string {
  const place = issue.path.map(String).join(".") || "the file";
  switch (issue.code) {
    case "unrecognized_keys":
      return `${place} has ${issue.keys.map((key) => `"${key}"`).join(", ")}, which means nothing: see docs/views.md for the names`;
    case "invalid_key":
      return `${place}: ${NAME_PROBLEM}`;
    default:
      return `${place} ${issue.message}`;
  }
}

function parsed(json: z.input<typeof fileSchema>): readonly View[] {
  return viewsOf(fileSchema.parse(json));
}

function viewsOf({ views, optOut }: z.output<typeof fileSchema>): readonly View[] {
  return Object.entries(views).map(([name, { access, rooms, people, bots, show }]) => ({
    name,
    access,
    rooms: {
      only: rooms.only && new Set(rooms.only),
      except: new Set(rooms.except),
      kinds: new Set(rooms.kinds),
    },
    people: { shown: people, bots },
    show,
    optOut: new Set(optOut),
  }));
}
