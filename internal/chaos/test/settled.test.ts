import type { VoiceEntry } from "@guildwire/client/rooms";
import { describe, expect, it } from "vitest";
import { worldDifference } from "../src/settled.ts";

const ANN = { id: "1", name: "Ann", bot: false, selfMute: true } as never;
const ROOM = {
  id: "7",
  name: "Lounge",
  kind: "voice",
  position: 0,
  parentId: null,
  userLimit: 0,
  status: null,
};
const WORLD = { rooms: [{ ...ROOM, people: [ANN] }] };

const { id: _, ...room } = ROOM;
const roomEntry = ["r:7", { ...room, startedAt: null }, 1] as VoiceEntry;
const personEntry = (name: string, roomId = "7", flags = 1): VoiceEntry =>
  ["u:1", { room: roomId, name, avatar: null, bot: false, flags, since: 1, roomSince: 1 }, 2] as never;
const never = () => false;

describe("a replica", () => {
  it("that holds the world lacks nothing", () => {
    expect(worldDifference(WORLD, [roomEntry, personEntry("Ann")], never)).toBeUndefined();
  });

  it.each([
    ["has nobody", [roomEntry], 'the replica lacks ["person","1","7","Ann",false,["selfMute"]]'],
    ["has no room", [personEntry("Ann")], 'the replica lacks ["room","7","Lounge"'],
    ["has other flags", [roomEntry, personEntry("Ann", "7", 0)], "the replica lacks"],
    ["has another room of hers", [roomEntry, personEntry("Ann", "8")], "the replica lacks"],
    ["has another name", [roomEntry, personEntry("Anna")], "the replica lacks"],
  ] as const)("that %s is found out", (_name, entries, finding) => {
    expect(worldDifference(WORLD, entries, never)).toContain(finding);
  });

  it("that has somebody who is not there is found out", () => {
    const world = { rooms: [{ ...ROOM, people: [] }] };
    expect(worldDifference(world, [roomEntry, personEntry("Ann")], never)).toContain("the replica invents");
  });

  it("may have the name that was last told with a voice state, and no other", () => {
    const wasTold = (userId: string, name: string) => userId === "1" && name === "Annie";
    expect(worldDifference(WORLD, [roomEntry, personEntry("Annie")], wasTold)).toBeUndefined();
    expect(worldDifference(WORLD, [roomEntry, personEntry("Ann")], wasTold)).toBeUndefined();
    expect(worldDifference(WORLD, [roomEntry, personEntry("Anna")], wasTold)).toBeDefined();
  });
});
