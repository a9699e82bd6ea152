import { gunzipSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import { compressedPage, takesGzip } from "../../src/server/compressed-page.ts";

const TEXT = "<p>somebody is here</p>".repeat(1_000);
const asks = (accepted?: string) =>
  new Request("http://hub/", { headers: accepted === undefined ? {} : { "accept-encoding": accepted } });
const page = (type = "text/html; charset=utf-8") =>
  new Response(TEXT, { status: 404, headers: { "content-type": type, "content-length": `${TEXT.length}` } });

describe("a page", () => {
  it("is compressed for who takes that, and the rest of the answer stays", async () => {
    const { status, headers, body } = compressedPage(asks("gzip, br"), page());
    expect(status).toBe(404);
    expect(Object.fromEntries(headers)).toEqual({
      "content-type": "text/html; charset=utf-8",
      "content-encoding": "gzip",
      vary: "accept-encoding",
    });
    const bytes = Buffer.from(await new Response(body).arrayBuffer());
    expect(bytes.length).toBeLessThan(TEXT.length / 20);
    expect(gunzipSync(bytes).toString()).toBe(TEXT);
  });

  it("is plain for who does not, and says that it may differ", async () => {
    const answer = compressedPage(asks(), page());
    expect(answer.headers.get("content-encoding")).toBeNull();
    expect(answer.headers.get("vary")).toBe("accept-encoding");
    expect(await answer.text()).toBe(TEXT);
  });
});

it.each(["text/event-stream", "application/json", "image/svg+xml"])("leaves %s alone", async (type) => {
  const answer = page(type);
  const looked = vi.spyOn(answer, "body", "get");
  expect(compressedPage(asks("gzip"), answer)).toBe(answer);
  expect(answer.headers.get("vary")).toBeNull();
  expect(looked).not.toHaveBeenCalled();
});

it.each([
  [null, false],
  ["", false],
  ["br", false],
  ["gzip;q=0", false],
  ["*;q=0", false],
  ["gzip;q=0, *", false],
  ["gzip", true],
  ["br, GZip ; q=0.5", true],
  ["*", true],
  ["identity;q=0.1, gzip;q=0.001", true],
])("Accept-Encoding: %s takes gzip: %s", (accepted, expected) => {
  expect(takesGzip(accepted)).toBe(expected);
});
