import type { ReceivedDelivery } from "@guildwire/events";
import { describe, expect, it } from "vitest";
import { planDelivery, type TakenSoFar } from "../src/delivery-plan.ts";

const AT_MS = 1_800_000_000_000;
const GUILD = { id: "100", name: "Test guild", iconUrl: null };
const isoAt = (ms: number): string => new Date(ms).toISOString();
const SOMEONE = {
  roomId: "1",
  user: { id: "7", name: "User 7", avatarUrl: null, bot: false },
  state: {
    ...{ selfMute: false, selfDeaf: false, mute: false, deaf: false },
    ...{ suppress: false, stream: false, video: false, handRaised: false },
  },
  since: isoAt(AT_MS),
  roomSince: isoAt(AT_MS),
};

/** `s` = a snapshot, `1` to `3` = a part of one, `u` = an event of an unknown type, anything else = someone joining. */
function delivery(epoch: string, firstSeq: number, kinds: string, atMs = AT_MS): ReceivedDelivery {
  const events = [...kinds].map((kind, index): ReceivedDelivery["events"][number] => {
    const seq = firstSeq + index;
    const place = { seq, id: `${epoch}-${seq}`, timestamp: isoAt(atMs) };
    if (kind === "u") return { known: false, event: { ...place, type: "guild.renamed_twice", data: {} } };
    if (kind === "j") return { known: true, event: { ...place, type: "voice.joined", data: SOMEONE } };
    const data = { guild: GUILD, rooms: [], categories: [], occupants: [], status: "live" as const };
    if (/[123]/.test(kind)) {
      return {
        known: true,
        event: { ...place, type: "snapshot.part", data: { ...data, part: Number(kind), parts: 3 } },
      };
    }
    return { known: true, event: { ...place, type: "guild.snapshot", data } };
  });
  return { source: "100", epoch, events };
}

const taken: TakenSoFar = {
  cursor: { epoch: "b", seq: 10 },
  replacedEpochs: ["a"],
  newestAtMs: AT_MS,
  parts: [],
};

/** What of the delivery is applied, and where the cursor is then. */
function applied(plan: ReturnType<typeof planDelivery>): unknown {
  if (plan.type !== "apply") return plan.type === "wantSnapshot" ? plan.why : plan.type;
  return [plan.events.map(({ event }) => event.seq), plan.cursor.epoch, plan.cursor.seq, plan.startsEpoch];
}

describe.each([
  ["events that follow", delivery("b", 11, "jj"), [[11, 12], "b", 12, false]],
  ["events of which some are known", delivery("b", 9, "jjjj"), [[11, 12], "b", 12, false]],
  ["events of unknown types, which advance the cursor", delivery("b", 11, "uu"), [[11, 12], "b", 12, false]],
  [
    "a snapshot that follows, and what comes before it",
    delivery("b", 11, "jsj"),
    [[11, 12, 13], "b", 13, false],
  ],
  ["only what is known already", delivery("b", 8, "jj"), "nothingNew"],
  ["a snapshot that is known already", delivery("b", 8, "sj"), "nothingNew"],
  ["events after a hole", delivery("b", 12, "jj"), "hole"],
  ["a snapshot after a hole", delivery("b", 14, "jsjsj"), [[17, 18], "b", 18, false]],
  ["a snapshot in parts that follows", delivery("b", 11, "j123j"), [[11, 12, 13, 14, 15], "b", 15, false]],
  ["the first parts of a snapshot", delivery("b", 11, "j12"), [[11, 12, 13], "b", 13, false]],
  ["a snapshot in parts after a hole", delivery("b", 14, "j123j"), [[15, 16, 17, 18], "b", 18, false]],
  ["parts without the first, after a hole", delivery("b", 14, "23j"), "hole"],
  ["parts without the first", delivery("b", 11, "23j"), "broken_snapshot"],
  ["a part with a tombstone in its place", delivery("b", 11, "1u3"), "broken_snapshot"],
  ["parts in the wrong order, and a snapshot", delivery("b", 11, "132s"), [[14], "b", 14, false]],
  ["a new epoch with the first parts", delivery("c", 40, "j12"), [[41, 42], "c", 42, true]],
  ["a new epoch in the middle of a snapshot", delivery("c", 40, "23j"), "unknown_epoch"],
  ["a new epoch without a snapshot", delivery("c", 1, "jj"), "unknown_epoch"],
  ["a new epoch with a snapshot", delivery("c", 40, "jsjsjj"), [[43, 44, 45], "c", 45, true]],
  ["a replaced epoch", delivery("a", 99, "jj"), "replaced_epoch"],
  ["a replaced epoch with a snapshot from before", delivery("a", 99, "sj", AT_MS), "replaced_epoch"],
  [
    "a replaced epoch with a snapshot made since",
    delivery("a", 99, "jsj", AT_MS + 1),
    [[100, 101], "a", 101, true],
  ],
])("%s", (_, given, wanted) => {
  it("is dealt with as the table says", () => {
    expect(applied(planDelivery(taken, given))).toEqual(wanted);
  });
});

it("wants a snapshot from a source it has never heard of", () => {
  expect(applied(planDelivery(undefined, delivery("a", 1, "jj")))).toBe("unknown_epoch");
  expect(applied(planDelivery(undefined, delivery("a", 1, "sj")))).toEqual([[1, 2], "a", 2, true]);
});

it("acknowledges its own cursor when the worker's log went back (D1)", () => {
  expect(planDelivery(taken, delivery("b", 3, "j"))).toEqual({
    type: "nothingNew",
    cursor: { epoch: "b", seq: 10 },
  });
});

it("names the hole", () => {
  expect(planDelivery(taken, delivery("b", 13, "j"))).toMatchObject({
    message: expect.stringContaining("11 to 12"),
  });
});

describe("parts that are kept", () => {
  const first = planDelivery(taken, delivery("b", 11, "j12"));
  if (first.type !== "apply") throw new Error(first.type);
  const half: TakenSoFar = { ...taken, cursor: first.cursor, parts: first.parts };
  const told = (plan: ReturnType<typeof planDelivery>) =>
    plan.type === "apply" ? [plan.told.map(({ type }) => type), plan.parts.length] : applied(plan);

  it.each([
    ["are put together with the last", delivery("b", 14, "3j"), [["guild.snapshot", "voice.joined"], 0]],
    ["give way to a snapshot", delivery("b", 14, "s"), [["guild.snapshot"], 0]],
    ["give way to the first part of another", delivery("b", 14, "1"), [[], 1]],
    ["give way to another epoch", delivery("c", 1, "s"), [["guild.snapshot"], 0]],
    ["stay as they are when nothing is new", delivery("b", 12, "12"), "nothingNew"],
    ["are of no use when something else follows", delivery("b", 14, "j"), "broken_snapshot"],
    ["are of no use when the next one is missing", delivery("b", 15, "j"), "hole"],
  ])("%s", (_, given, wanted) => {
    expect(told(first)).toEqual([["voice.joined"], 2]);
    expect(told(planDelivery(half, given))).toEqual(wanted);
  });
});
