import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { snapshotOf } from "../../src/guild/guild-create.ts";
import { channel, GAMES, GUILD, LOUNGE, STAGE, Story, voiceState } from "./discord.ts";

const users = fc.constantFrom("1", "2", "3");
const rooms = fc.constantFrom(LOUNGE, GAMES, STAGE);
const act = fc.oneof(
  fc.record({
    kind: fc.constant("voice" as const),
    user: users,
    room: fc.option(rooms),
    muted: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("delete" as const), room: rooms }),
  fc.record({ kind: fc.constant("create" as const), room: rooms }),
  fc.record({ kind: fc.constant("hide" as const), room: rooms }),
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

function play(acts: readonly Act[], repeat = 1): Story {
  const story = new Story().create();
  for (const each of acts) {
    for (let time = 0; time < repeat; time += 1) {
      if (each.kind === "voice") story.voice(each.user, each.room, { self_mute: each.muted });
      if (each.kind === "delete") story.dispatch("CHANNEL_DELETE", channel(each.room, 2));
      if (each.kind === "create") story.dispatch("CHANNEL_CREATE", channel(each.room, 2));
      if (each.kind === "hide") story.dispatch("CHANNEL_UPDATE", channel(each.room, 2, { flags: 1 << 17 }));
    }
  }
  return story;
}

/** What someone who only hears the events believes: who is in which room. */
function believed(story: Story): Map<string, string> {
  const places = new Map<string, string>();
  for (const { type, data } of story.told) {
    if (type === "voice.joined" || type === "voice.updated") places.set(data.user.id, data.roomId);
    if (type === "voice.left") places.delete(data.user.id);
  }
  return places;
}

describe("any run of dispatches", () => {
  it("tells exactly what a snapshot at its end would say", () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        const story = play(acts);
        const truth = snapshotOf(story.memory).occupants.map(
          ({ user, roomId }) => [user.id, roomId] as const,
        );
        expect(believed(story)).toEqual(new Map(truth));
      }),
    );
  });

  it("gives the same events when it is replayed, and no others when each dispatch comes twice", () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        const once = play(acts);
        expect(play(acts).told).toEqual(once.told);
        expect(play(acts, 2).types).toEqual(once.types);
      }),
    );
  });

  it("tells a joined right after each left that moved", () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        const { told } = play(acts);
        told.forEach((happening, index) => {
          if (happening.type !== "voice.left" || happening.data.movedTo === undefined) return;
          expect(told[index + 1]).toMatchObject({
            type: "voice.joined",
            data: { roomId: happening.data.movedTo, movedFrom: happening.data.roomId },
          });
        });
      }),
    );
  });
});

describe("GUILD_CREATE in the middle", () => {
  it("changes nothing when it says what is so", () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 20 }), (acts) => {
        const story = play(acts);
        const before = snapshotOf(story.memory);
        const states = before.occupants.map(({ user, roomId, state }) =>
          voiceState(user.id, roomId, { self_mute: state.selfMute }),
        );
        const channels = before.rooms.map((room) => channel(room.id, room.kind === "stage" ? 13 : 2, room));
        story.hush().dispatch("GUILD_CREATE", {
          ...{ id: GUILD, name: "The Guild", icon: null, channels, voice_states: states },
        });
        expect(story.types.filter((type) => type.startsWith("voice."))).toEqual([]);
      }),
    );
  });
});
