import { describe, expect, it } from "vitest";
import { STREAM_FAMILIES, STREAM_ID, type StreamSubject, streamId, streamSubject } from "../src/index.ts";

const SUBJECTS: readonly (readonly [string, StreamSubject])[] = [
  ["41771983423143937", { family: "rooms", guildId: "41771983423143937" }],
  ["41771983423143937/messages", { family: "messages", guildId: "41771983423143937" }],
  ["app/42/7/interactions", { family: "interactions", applicationId: "42", guildId: "7" }],
  ["app/42/7/presence", { family: "presence", applicationId: "42", guildId: "7" }],
  ["app/42/dm", { family: "dm", applicationId: "42" }],
  ["app/42/commands/hub", { family: "commands", applicationId: "42", receiver: "hub" }],
];

describe("a stream's id", () => {
  it.each(SUBJECTS)("%s is made from its subject, and read back", (id, subject) => {
    expect(streamId(subject)).toBe(id);
    expect(streamSubject(id)).toEqual(subject);
    expect(id).toMatch(STREAM_ID);
  });

  it("exists for every family", () => {
    expect(new Set(SUBJECTS.map(([, { family }]) => family))).toEqual(new Set(Object.keys(STREAM_FAMILIES)));
  });

  it.each([
    "",
    "abc",
    "7/rooms",
    "app/42",
    "app/x/dm",
    "app/42/commands/",
    "broker/apps",
    "7/messages\n",
    "ÿ",
  ])("%j is of no stream that a worker sends", (id) => {
    expect(streamSubject(id)).toBeUndefined();
  });
});
