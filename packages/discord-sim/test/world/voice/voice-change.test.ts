import type { Snowflake } from "@guildwire/discord-wire";
import { describe, expect, it } from "vitest";
import { apply } from "../../../src/world/apply.ts";
import type { WorldCommand } from "../../../src/world/command.ts";
import type { World } from "../../../src/world/world.ts";
import { channelNamed, GUILD_ID, given, NOW_MS, names, only, person, quietWorld, run } from "../worlds.ts";

const empty = quietWorld();
const userId = person(empty);
const other = person(empty, 1);
const lounge = channelNamed(empty, "Lounge").id;
const music = channelNamed(empty, "Music").id;
const stage = channelNamed(empty, "Town Hall").id;
const afk = channelNamed(empty, "AFK").id;

const inLounge = given(empty, { type: "join", userId, channelId: lounge });
const inStage = given(empty, { type: "join", userId, channelId: stage });

function refusal(world: World, command: WorldCommand): string {
  const change = apply(world, command, NOW_MS);
  return change.ok ? "accepted" : `${change.field} ${change.problem}`;
}

describe("joining", () => {
  it("says the voice state with the member, and the start of the conversation for the first one in", () => {
    const { dispatches } = run(empty, { type: "join", userId, channelId: lounge, selfMute: true });
    expect(dispatches.map(({ t }) => t)).toEqual(["VOICE_STATE_UPDATE", "VOICE_CHANNEL_START_TIME_UPDATE"]);
    expect(only(dispatches, "VOICE_STATE_UPDATE")).toMatchObject({
      guild_id: GUILD_ID,
      channel_id: lounge,
      user_id: userId,
      self_mute: true,
      self_deaf: false,
      mute: false,
      deaf: false,
      suppress: false,
      self_video: false,
      request_to_speak_timestamp: null,
      member: { user: { id: userId, avatar: null }, roles: [] },
    });
    expect(only(dispatches, "VOICE_CHANNEL_START_TIME_UPDATE")).toEqual({
      id: lounge,
      guild_id: GUILD_ID,
      voice_start_time: Math.floor(NOW_MS / 1000),
    });
  });

  it("says nothing of a start time when the conversation has begun", () => {
    expect(names(inLounge, { type: "join", userId: other, channelId: lounge })).toEqual([
      "VOICE_STATE_UPDATE",
    ]);
  });

  it("leaves `self_stream` out while nobody streams, as Discord does", () => {
    const { dispatches } = run(empty, { type: "join", userId, channelId: lounge });
    expect(only(dispatches, "VOICE_STATE_UPDATE")).not.toHaveProperty("self_stream");
  });

  it.each([
    ["a stage", stage],
    ["the AFK room", afk],
  ])("suppresses whoever enters %s", (_, channelId) => {
    const { dispatches } = run(empty, { type: "join", userId, channelId });
    expect(only(dispatches, "VOICE_STATE_UPDATE").suppress).toBe(true);
  });

  it("gives every join a voice session of its own", () => {
    const once = only(
      run(empty, { type: "join", userId, channelId: lounge }).dispatches,
      "VOICE_STATE_UPDATE",
    );
    const left = given(inLounge, { type: "leave", userId });
    const again = only(
      run(left, { type: "join", userId, channelId: lounge }).dispatches,
      "VOICE_STATE_UPDATE",
    );
    expect(again.session_id).not.toBe(once.session_id);
  });

  it("is refused where it is impossible, naming the field", () => {
    const stranger = "123" as Snowflake;
    const text = channelNamed(empty, "general").id;
    const desk = channelNamed(empty, "Pair Desk").id;
    const full = given(
      empty,
      { type: "join", userId: other, channelId: desk },
      { type: "join", userId: person(empty, 2), channelId: desk },
    );
    expect(refusal(empty, { type: "join", userId: stranger, channelId: lounge })).toMatch(/^userId/);
    expect(refusal(empty, { type: "join", userId, channelId: stranger })).toMatch(
      /^channelId does not exist/,
    );
    expect(refusal(empty, { type: "join", userId, channelId: text })).toMatch(/^channelId is not a voice/);
    expect(refusal(inLounge, { type: "join", userId, channelId: music })).toMatch(/^userId is in voice/);
    expect(refusal(full, { type: "join", userId, channelId: desk })).toBe("channelId is full");
  });
});

describe("leaving", () => {
  it("says the voice state with a null channel, then the end of the conversation for the last one out", () => {
    const { world, dispatches } = run(inLounge, { type: "leave", userId });
    expect(dispatches.map(({ t }) => t)).toEqual(["VOICE_STATE_UPDATE", "VOICE_CHANNEL_START_TIME_UPDATE"]);
    expect(only(dispatches, "VOICE_STATE_UPDATE")).toMatchObject({
      channel_id: null,
      user_id: userId,
      member: { user: { id: userId } },
    });
    expect(only(dispatches, "VOICE_CHANNEL_START_TIME_UPDATE").voice_start_time).toBeNull();
    expect(world.voice.has(userId)).toBe(false);
  });

  it("ends the status line with the conversation", () => {
    const described = given(inLounge, { type: "setVoiceStatus", channelId: lounge, status: "tea" });
    const { dispatches } = run(described, { type: "leave", userId });
    expect(only(dispatches, "VOICE_CHANNEL_STATUS_UPDATE")).toEqual({
      id: lounge,
      guild_id: GUILD_ID,
      status: null,
    });
  });
});

describe("moving", () => {
  it("is one voice state with the new channel and the same voice session", () => {
    const { dispatches } = run(inLounge, { type: "move", userId, channelId: music });
    const state = only(dispatches, "VOICE_STATE_UPDATE");
    expect(state.channel_id).toBe(music);
    expect(state.session_id).toBe(inLounge.voice.get(userId)?.sessionId);
  });

  it("ends the conversation that is left empty and starts the new one", () => {
    const { dispatches } = run(inLounge, { type: "move", userId, channelId: music });
    expect(
      dispatches.flatMap(({ t, d }) =>
        t === "VOICE_CHANNEL_START_TIME_UPDATE" ? [[d.id, d.voice_start_time]] : [],
      ),
    ).toEqual([
      [lounge, null],
      [music, Math.floor(NOW_MS / 1000)],
    ]);
  });

  it("to where one is says nothing", () => {
    expect(names(inLounge, { type: "move", userId, channelId: lounge })).toEqual([]);
  });

  it("ends a stream and lowers a hand", () => {
    const streaming = given(inLounge, { type: "setVoiceFlags", userId, stream: true });
    const moved = only(
      run(streaming, { type: "move", userId, channelId: music }).dispatches,
      "VOICE_STATE_UPDATE",
    );
    expect(moved).not.toHaveProperty("self_stream");
    const waiting = given(inStage, { type: "setVoiceFlags", userId, handRaised: true });
    const back = only(
      run(waiting, { type: "move", userId, channelId: lounge }).dispatches,
      "VOICE_STATE_UPDATE",
    );
    expect(back).toMatchObject({ suppress: false, request_to_speak_timestamp: null });
  });
});

describe("flags", () => {
  it.each([
    [{ selfMute: true }, { self_mute: true }],
    [{ selfDeaf: true }, { self_deaf: true }],
    [{ stream: true }, { self_stream: true }],
    [{ video: true }, { self_video: true }],
    [{ mute: true }, { mute: true }],
    [{ deaf: true }, { deaf: true }],
  ])("%o becomes %o on the wire", (flags, wire) => {
    const { dispatches } = run(inLounge, { type: "setVoiceFlags", userId, ...flags });
    expect(dispatches.map(({ t }) => t)).toEqual(["VOICE_STATE_UPDATE"]);
    expect(only(dispatches, "VOICE_STATE_UPDATE")).toMatchObject({ channel_id: lounge, ...wire });
  });

  it("that change nothing say nothing", () => {
    expect(names(inLounge, { type: "setVoiceFlags", userId, selfMute: false })).toEqual([]);
  });

  it("keep the previous server mute inside the member object, as Discord does", () => {
    const state = only(
      run(inLounge, { type: "setVoiceFlags", userId, mute: true }).dispatches,
      "VOICE_STATE_UPDATE",
    );
    expect(state.mute).toBe(true);
    expect(state.member?.mute).toBe(false);
  });

  it("of the server stay with someone who leaves and comes back", () => {
    const back = given(inLounge, { type: "setVoiceFlags", userId, mute: true }, { type: "leave", userId });
    const state = only(
      run(back, { type: "join", userId, channelId: music }).dispatches,
      "VOICE_STATE_UPDATE",
    );
    expect(state.mute).toBe(true);
  });

  it("raise a hand in a stage, and being let up lowers it", () => {
    const raised = run(inStage, { type: "setVoiceFlags", userId, handRaised: true });
    expect(only(raised.dispatches, "VOICE_STATE_UPDATE").request_to_speak_timestamp).toBe(
      "2026-09-21T14:13:20.500000+00:00",
    );
    const speaking = run(raised.world, { type: "setVoiceFlags", userId, suppress: false });
    expect(only(speaking.dispatches, "VOICE_STATE_UPDATE")).toMatchObject({
      suppress: false,
      request_to_speak_timestamp: null,
    });
  });

  it("of the stage are refused elsewhere", () => {
    expect(refusal(inLounge, { type: "setVoiceFlags", userId, handRaised: true })).toMatch(/^handRaised/);
    expect(refusal(inLounge, { type: "setVoiceFlags", userId, suppress: true })).toMatch(/^suppress/);
    expect(refusal(empty, { type: "setVoiceFlags", userId, selfMute: true })).toMatch(/^userId/);
  });
});

describe("status lines", () => {
  it("are an event of their own, null when cleared", () => {
    const set = run(inLounge, { type: "setVoiceStatus", channelId: lounge, status: "tea" });
    expect(only(set.dispatches, "VOICE_CHANNEL_STATUS_UPDATE").status).toBe("tea");
    const cleared = run(set.world, { type: "setVoiceStatus", channelId: lounge, status: null });
    expect(only(cleared.dispatches, "VOICE_CHANNEL_STATUS_UPDATE").status).toBeNull();
    expect(names(cleared.world, { type: "setVoiceStatus", channelId: lounge, status: null })).toEqual([]);
  });

  it("are for voice channels only", () => {
    expect(refusal(inStage, { type: "setVoiceStatus", channelId: stage, status: "x" })).toMatch(/^channelId/);
  });
});
