import { describe, expect, it } from "vitest";
import { logFindings } from "../src/stored-log.ts";
import { DispatchStory, eventStory, storyDifference } from "../src/voice-story.ts";

const member = (id: string, nick: string | null = null) => ({
  nick,
  user: { id, global_name: null, username: `user ${id}` },
});

const voice = (userId: string, channelId: string | null, more: object = {}) => ({
  user_id: userId,
  channel_id: channelId,
  member: member(userId),
  ...more,
});

function told(): DispatchStory {
  const story = new DispatchStory();
  const channels = [
    { id: "A", type: 2 },
    { id: "B", type: 13 },
    { id: "text", type: 0 },
  ];
  story.take("GUILD_CREATE", { channels, voice_states: [voice("1", "A")], members: [member("1")] });
  story.take("VOICE_STATE_UPDATE", voice("1", "B", { self_mute: true }));
  story.take("VOICE_STATE_UPDATE", voice("2", "A"));
  story.take("VOICE_STATE_UPDATE", voice("2", "A", { self_stream: true }));
  story.take("VOICE_STATE_UPDATE", voice("2", null));
  story.take("CHANNEL_DELETE", { id: "B", type: 13 });
  return story;
}

const event = (type: string, userId: string, roomId: string, state: object, more: object = {}) =>
  JSON.stringify({ type, data: { roomId, user: { id: userId }, state, ...more } });

const TAKEN = [
  event("voice.left", "1", "A", {}, { movedTo: "B" }),
  event("voice.joined", "1", "B", { selfMute: true }, { movedFrom: "A" }),
  event("voice.joined", "2", "A", {}),
  event("voice.updated", "2", "A", { stream: true }),
  event("voice.left", "2", "A", { stream: true }),
  event("voice.left", "1", "B", { selfMute: true }),
  JSON.stringify({ type: "room.deleted", data: { room: { id: "B" } } }),
];

describe("a story", () => {
  it("is the same told by dispatches and by events", () => {
    expect(storyDifference(told().lines, eventStory(TAKEN))).toBeUndefined();
  });

  it.each(TAKEN.slice(1).map((_, at) => at + 1))("differs when event %i is lost, doubled or late", (at) => {
    const lost = TAKEN.toSpliced(at, 1);
    expect(storyDifference(told().lines, eventStory(lost))).toBeDefined();
    // Flags told twice change nothing: that the hub took a number twice is for the ledger to find.
    if (at === 3) return;
    const doubled = TAKEN.toSpliced(at, 0, TAKEN[at] ?? "");
    expect(storyDifference(told().lines, eventStory(doubled))).toBeDefined();
  });

  it("differs when a person's events are exchanged", () => {
    const exchanged = TAKEN.with(2, TAKEN[4] ?? "").with(4, TAKEN[2] ?? "");
    expect(storyDifference(told().lines, eventStory(exchanged))).toBeDefined();
  });
});

it("names people as the last voice state did, and as it was in the beginning before", () => {
  const story = new DispatchStory();
  const members = [member("1"), member("2", "Two")];
  story.take("GUILD_CREATE", { channels: [], voice_states: [], members });
  story.take("GUILD_MEMBER_UPDATE", member("2", "nobody is told"));
  story.take("VOICE_STATE_UPDATE", voice("1", "A", { member: member("1", "One") }));
  expect(["1", "2", "3"].map((id) => story.nameOf(id))).toEqual(["One", "Two", undefined]);
});

describe("the hub's stored log", () => {
  const at = (endsAt: number, room: string) => ({
    startsAt: endsAt - 1,
    endsAt,
    ops: [["s", "u:1", { room }]] as const,
  });
  const story = new Map([["1", ["joined A ", "moved A > B ", "moved B > C "]]]);

  it("may have several events in one delta", () => {
    expect(logFindings([at(1, "A"), at(2, "C")], story)).toEqual([]);
  });

  it("must not have anybody come back to where an old delivery had them", () => {
    expect(logFindings([at(1, "A"), at(2, "B"), at(3, "A")], story)).toHaveLength(1);
  });

  it("must have no hole", () => {
    expect(logFindings([at(1, "A"), at(3, "B")], story)).toHaveLength(1);
  });
});
