import { describe, expect, it } from "vitest";
import { GAMES, GUILD, LOUNGE, member, Story, TEXT } from "./discord.ts";

describe("a voice state", () => {
  it("of someone who was nowhere is a join", () => {
    const story = new Story().create().hush().voice("1", LOUNGE, { self_mute: true });
    expect(story.told).toEqual([
      {
        type: "voice.joined",
        data: {
          roomId: LOUNGE,
          user: { id: "1", name: "User 1", avatarUrl: null, bot: false },
          state: {
            selfMute: true,
            selfDeaf: false,
            mute: false,
            deaf: false,
            suppress: false,
            stream: false,
            video: false,
            handRaised: false,
          },
          since: "2026-11-21T09:00:02.000Z",
          roomSince: "2026-11-21T09:00:02.000Z",
        },
      },
    ]);
  });

  it("without a channel is a leave, and nothing when it comes again", () => {
    const story = new Story().create().voice("1", LOUNGE).hush().voice("1", null).voice("1", null);
    expect(story.types).toEqual(["voice.left"]);
    expect(story.last("voice.left")).toMatchObject({ roomId: LOUNGE, user: { id: "1" } });
  });

  it("in another channel is a leave and a join side by side, and keeps the time in voice", () => {
    const story = new Story().create().voice("1", LOUNGE).hush().voice("1", GAMES);
    expect(story.told).toMatchObject([
      { type: "voice.left", data: { roomId: LOUNGE, movedTo: GAMES } },
      {
        type: "voice.joined",
        data: {
          roomId: GAMES,
          movedFrom: LOUNGE,
          since: "2026-11-21T09:00:02.000Z",
          roomSince: "2026-11-21T09:00:03.000Z",
        },
      },
    ]);
  });

  it("with other flags is an update, and nothing when it repeats", () => {
    const story = new Story().create().voice("1", LOUNGE).hush();
    story.voice("1", LOUNGE, { self_stream: true }).voice("1", LOUNGE, { self_stream: true });
    expect(story.types).toEqual(["voice.updated"]);
    expect(story.last("voice.updated").state).toMatchObject({ stream: true });
  });

  it("is believed above its member, whose flags are the previous ones", () => {
    const story = new Story().create().hush();
    story.voice("1", LOUNGE, { mute: true, member: member("1", { mute: false }) });
    expect(story.last("voice.joined").state.mute).toBe(true);
  });

  it("without a member keeps what is known of the person", () => {
    const story = new Story().create().voice("1", LOUNGE).hush().voice("1", GAMES, { member: undefined });
    expect(story.last("voice.joined").user.name).toBe("User 1");
  });

  it("tells of a raised hand", () => {
    const story = new Story().create().voice("1", LOUNGE).hush();
    story.voice("1", LOUNGE, { request_to_speak_timestamp: "2026-11-21T09:00:00.000000+00:00" });
    expect(story.last("voice.updated").state.handRaised).toBe(true);
  });

  it("in a room nobody has heard of is told when the room appears", () => {
    const story = new Story().create().hush().voice("1", "999");
    expect(story.told).toEqual([]);
    story.dispatch("CHANNEL_CREATE", { id: "999", type: 2, guild_id: GUILD, name: "New", position: 9 });
    expect(story.types).toEqual(["room.created", "voice.joined"]);
  });

  it("from a hidden room into a visible one is a plain join", () => {
    const story = new Story().create().voice("1", TEXT).hush().voice("1", LOUNGE);
    expect(story.told).toMatchObject([{ type: "voice.joined" }]);
    expect(story.last("voice.joined").movedFrom).toBeUndefined();
  });

  it("of another guild is nothing", () => {
    const story = new Story().create().hush();
    story.dispatch("VOICE_STATE_UPDATE", {
      guild_id: "666",
      channel_id: LOUNGE,
      user_id: "1",
      session_id: "x",
    });
    expect(story.told).toEqual([]);
  });
});

describe("someone who leaves the guild", () => {
  it.each(["GUILD_MEMBER_REMOVE", "GUILD_BAN_ADD"])(
    "leaves voice with %s, in either order with the voice state",
    (name) => {
      const gone = { guild_id: GUILD, user: { id: "1" } };
      const removalFirst = new Story()
        .create()
        .voice("1", LOUNGE)
        .hush()
        .dispatch(name, gone)
        .voice("1", null);
      const voiceFirst = new Story().create().voice("1", LOUNGE).hush().voice("1", null).dispatch(name, gone);
      expect(removalFirst.types).toEqual(["voice.left"]);
      expect(voiceFirst.types).toEqual(["voice.left"]);
    },
  );
});

describe("a changed profile", () => {
  const renamed = { guild_id: GUILD, ...member("1", { nick: "Nick", avatar: "abc" }) };

  it("is told of someone in voice", () => {
    const story = new Story().create().voice("1", LOUNGE).hush().dispatch("GUILD_MEMBER_UPDATE", renamed);
    expect(story.last("voice.updated").user).toMatchObject({
      name: "Nick",
      avatarUrl: `https://cdn.discordapp.com/guilds/${GUILD}/users/1/avatars/abc.png?size=128`,
    });
  });

  it("is nothing of someone who is not", () => {
    expect(new Story().create().hush().dispatch("GUILD_MEMBER_UPDATE", renamed).told).toEqual([]);
  });
});
