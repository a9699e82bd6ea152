import { voiceTopic } from "@guildwire/live";
import { expect, it } from "vitest";
import { admitVoiceTopic } from "../../src/voice-topic/admit-voice-topic.ts";

it("admits the public view of any guild", () => {
  expect(admitVoiceTopic(voiceTopic("123"))).toEqual({ ok: true });
});

it("forbids other views", () => {
  expect(admitVoiceTopic(voiceTopic("123", "staff"))).toMatchObject({ ok: false, code: "forbidden" });
});

it.each([
  "",
  "voice",
  "voice/abc/public",
  "voice/1/public/x",
  "chat/1/public",
  "voice/123456789012345678901/public",
])("does not know %j", (topic) => {
  expect(admitVoiceTopic(topic)).toMatchObject({ ok: false, code: "unknown_topic" });
});
