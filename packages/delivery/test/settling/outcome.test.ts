import { describe, expect, it } from "vitest";
import { outcomeOf } from "../../src/settling/outcome.ts";

const NOW_MS = Date.parse("2026-11-21T09:00:00.000Z");

function answer(status: number, text = "", retryAfter: string | null = null) {
  return outcomeOf({ status, text, retryAfter, challenge: null }, NOW_MS);
}

describe("the outcome of a POST", () => {
  it("is delivered only when the receiver says up to where", () => {
    expect(answer(200, '{"acked":17}')).toEqual({ kind: "delivered", acked: 17 });
    for (const text of ["", "ok", "{}", '{"acked":"17"}', '{"acked":1.5}', "<html>"]) {
      expect(answer(200, text)).toMatchObject({ kind: "busy", status: 200 });
    }
  });

  it("asks for a snapshot with 409", () => {
    expect(answer(409, '{"want":"snapshot"}')).toEqual({ kind: "snapshotWanted", retryAfterMs: null });
    expect(answer(409, "conflict")).toMatchObject({ kind: "busy", status: 409 });
  });

  it.each([401, 403])("blames the secret with %d and says what the receiver said", (status) => {
    expect(answer(status, '{"error":{"code":"x","message":"no entry matches"}}')).toEqual({
      kind: "signatureRefused",
      status,
      detail: "no entry matches",
      retryAfterMs: null,
    });
  });

  it.each([401, 403])(
    "blames the secret with %d and plain text, as a receiver of other people may answer",
    (status) => {
      for (const text of ["", "bad signature", "{}"])
        expect(answer(status, text)).toMatchObject({ kind: "signatureRefused", status });
    },
  );

  it.each([401, 403])("blames the endpoint with %d of a page or of another application", (status) => {
    for (const text of ["<!doctype html><title>Sign in</title>", '{"message":"Forbidden"}'])
      expect(answer(status, text)).toMatchObject({
        kind: "endpointWrong",
        status,
        detail: expect.stringContaining("in front of the receiver"),
      });
  });

  it("blames the endpoint when a login is asked for, and names where its password goes", () => {
    const challenged = { status: 401, text: "", retryAfter: null, challenge: 'Basic realm="club"' };
    expect(outcomeOf(challenged, NOW_MS)).toMatchObject({
      kind: "endpointWrong",
      detail: expect.stringContaining("https://name:password@host/"),
    });
    expect(outcomeOf({ ...challenged, challenge: "Negotiate" }, NOW_MS)).toMatchObject({
      kind: "endpointWrong",
      detail: expect.stringContaining("(Negotiate)"),
    });
  });

  it.each([400, 413, 415, 422])("blames the content with %d", (status) => {
    expect(answer(status)).toMatchObject({ kind: "contentRefused", status });
  });

  it.each([301, 302, 307, 308, 404, 405, 410, 501])("blames the endpoint with %d", (status) => {
    expect(answer(status)).toMatchObject({ kind: "endpointWrong", status });
  });

  it.each([408, 425, 429, 500, 502, 503, 504])("is temporary with %d", (status) => {
    expect(answer(status)).toMatchObject({ kind: "busy", status });
  });

  it("reads Retry-After in seconds and as a date, within an hour", () => {
    expect(answer(503, "", "7")).toMatchObject({ retryAfterMs: 7_000 });
    expect(answer(503, "", "Sat, 21 Nov 2026 09:00:30 GMT")).toMatchObject({ retryAfterMs: 30_000 });
    expect(answer(503, "", "86400")).toMatchObject({ retryAfterMs: 3_600_000 });
    expect(answer(503, "", "soon")).toMatchObject({ retryAfterMs: null });
  });

  it.each([302, 400, 401, 404, 409, 429, 500])("hears Retry-After with %d", (status) => {
    expect(answer(status, "", "7")).toMatchObject({ retryAfterMs: 7_000 });
  });

  it("keeps no more of an error page than a log line holds", () => {
    const outcome = answer(500, "x".repeat(10_000));
    expect(outcome).toMatchObject({ detail: "x".repeat(300) });
  });
});
