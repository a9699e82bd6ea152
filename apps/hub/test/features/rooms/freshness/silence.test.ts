import { describe, expect, it } from "vitest";
import {
  ageText,
  asOfMs,
  SILENT_FROM_MS,
  silenceAt,
} from "../../../../src/features/rooms/freshness/silence.ts";

const NOW_MS = 1_000_000;
const ago = (ms: number) => NOW_MS - ms;
const at = (hubAgoMs: number, workerAgoMs: number, discordAgoMs: number | null = 0) =>
  silenceAt(
    {
      hubMs: ago(hubAgoMs),
      seen: { workerMs: ago(workerAgoMs), discordMs: discordAgoMs === null ? null : ago(discordAgoMs) },
    },
    NOW_MS,
  );

describe("the silent hop", () => {
  it("is none while everything keeps its pace, however long Discord has had nothing to say", () => {
    expect(at(11_000, 10_000, 41_000)).toBe("none");
    expect(at(SILENT_FROM_MS, SILENT_FROM_MS, null)).toBe("none");
  });

  it("is the worker when the hub still sends", () => {
    expect(at(1_000, SILENT_FROM_MS + 1)).toBe("worker");
  });

  it("is the hub when nothing comes from it: what is behind it is not known", () => {
    expect(at(SILENT_FROM_MS + 1, SILENT_FROM_MS + 1)).toBe("hub");
  });

  it("is none where there is no connection, or a hub that does not say", () => {
    expect(silenceAt({ hubMs: null, seen: { workerMs: 0, discordMs: 0 } }, NOW_MS)).toBe("none");
    expect(silenceAt({ hubMs: 0, seen: null }, NOW_MS)).toBe("none");
  });
});

describe("an age", () => {
  it.each([
    [2_999, ""],
    [3_000, "3 s"],
    [59_999, "59 s"],
    [60_000, "1 min"],
    [3_600_000, "1 h"],
  ])("of %d ms reads %j", (ms, text) => {
    expect(ageText(ms)).toBe(text);
  });

  it("counts from the older of the two last words", () => {
    expect(asOfMs({ workerMs: 9, discordMs: 4 })).toBe(4);
    expect(asOfMs({ workerMs: 9, discordMs: null })).toBe(9);
  });
});
