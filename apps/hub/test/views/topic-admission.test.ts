import { voiceTopic } from "@guildwire/live";
import { expect, it } from "vitest";
import { admitTopic } from "../../src/views/topic-admission.ts";
import { viewsOf } from "./views-at-work.ts";

const views = viewsOf({ views: { public: { access: "anyone" }, staff: {} } });

it("lets anyone have a view that is open, of any guild", () => {
  expect(admitTopic(views, voiceTopic("123"))).toEqual({ ok: true });
});

it("keeps a view for those who bring a ticket", () => {
  expect(admitTopic(views, voiceTopic("123", "staff"))).toMatchObject({ ok: false, code: "forbidden" });
});

it("says of a view nobody configured that it does not exist", () => {
  expect(admitTopic(views, voiceTopic("123", "other"))).toMatchObject({ ok: false, code: "unknown_topic" });
});

it.each([
  "state/123",
  "voice/123",
  "voice/x/public",
  "voice/123/Public",
  "voice/123/public/more",
  "chat/123/public",
  "",
])("knows no topic called %j", (topic) => {
  expect(admitTopic(views, topic)).toMatchObject({ ok: false, code: "unknown_topic" });
});
