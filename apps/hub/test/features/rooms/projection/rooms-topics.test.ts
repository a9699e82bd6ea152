import { voiceTopic } from "@guildwire/client/rooms";
import { expect, it } from "vitest";
import { createRoomsProjection } from "../../../../src/features/rooms/projection/rooms-projection.ts";
import { createTopicAdmission } from "../../../../src/topics/topic-admission.ts";
import { viewsOf } from "../../../views/views-at-work.ts";

const views = viewsOf({ views: { public: { access: "anyone" }, staff: {} } });
const admitTopic = createTopicAdmission([createRoomsProjection(views)]);

it("lets anyone have a view that is open, of any guild", () => {
  expect(admitTopic(voiceTopic("123"))).toEqual({ ok: true });
});

it("keeps a view for those who bring a ticket", () => {
  expect(admitTopic(voiceTopic("123", "staff"))).toMatchObject({ ok: false, code: "forbidden" });
});

it("says of a view nobody configured that it does not exist", () => {
  expect(admitTopic(voiceTopic("123", "other"))).toMatchObject({ ok: false, code: "unknown_topic" });
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
  expect(admitTopic(topic)).toMatchObject({ ok: false, code: "unknown_topic" });
});
