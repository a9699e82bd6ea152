import {
  EVENT_DATA,
  type EventData,
  type Happening,
  type Occupant,
  SNAPSHOT_BYTES_MAX,
  SNAPSHOT_PARTS_MAX,
} from "@guildwire/events";
import { describe, expect, it } from "vitest";
import { beginsSnapshot, inParts } from "../../src/guild/snapshot-part.ts";

const NOW = "2026-11-21T09:00:00.000Z";

function occupant(index: number, nameLength: number): Occupant {
  const off = { selfMute: false, selfDeaf: false, mute: false, deaf: false };
  return {
    roomId: String(index % 500),
    user: { id: String(index), name: "ü".repeat(nameLength), avatarUrl: null, bot: false },
    state: { ...off, suppress: false, stream: false, video: false, handRaised: false },
    since: NOW,
    roomSince: NOW,
  };
}

function snapshotOf(people: number, nameLength = 16): Extract<Happening, { type: "guild.snapshot" }> {
  return {
    type: "guild.snapshot",
    data: {
      guild: { id: "100", name: "G", iconUrl: null },
      rooms: Array.from({ length: 500 }, (_, index) => ({
        id: String(index),
        name: `Room ${index}`,
        kind: "voice",
        position: index,
        parentId: null,
        userLimit: 0,
        status: null,
        startedAt: null,
      })),
      categories: [{ id: "9", name: "Category", position: 0 }],
      occupants: Array.from({ length: people }, (_, index) => occupant(index, nameLength)),
      status: "live",
      compacted: { from: 1, to: 2, events: 2 },
    },
  };
}

function partsOf(snapshot: Happening): readonly EventData<"snapshot.part">[] {
  return inParts(snapshot).map(({ type, data }) => {
    expect(type).toBe("snapshot.part");
    return EVENT_DATA["snapshot.part"].parse(data);
  });
}

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

describe("a snapshot", () => {
  it("stays whole as long as one delivery can carry it", () => {
    const snapshot = snapshotOf(2_000);
    expect(bytesOf(snapshot.data)).toBeLessThan(SNAPSHOT_BYTES_MAX);
    expect(inParts(snapshot)).toEqual([snapshot]);
    expect(inParts(snapshot)[0]).toBe(snapshot);
  });

  it.each([
    [5_000, 16],
    [20_000, 16],
    [30_000, 500],
    [12, 200_000],
  ])("of %i people with names of %i letters is cut into parts that make it up again", (people, letters) => {
    const snapshot = snapshotOf(people, letters);
    const parts = partsOf(snapshot);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.length).toBeLessThanOrEqual(SNAPSHOT_PARTS_MAX);
    expect(parts.map(({ part, parts: of }) => [part, of])).toEqual(
      parts.map((_, index) => [index + 1, parts.length]),
    );
    for (const name of ["rooms", "categories", "occupants"] as const) {
      expect(parts.flatMap((part) => part[name] as readonly unknown[])).toEqual(snapshot.data[name]);
    }
    expect(parts.map(({ guild, status }) => ({ guild, status }))).toEqual(
      parts.map(() => ({ guild: snapshot.data.guild, status: "live" })),
    );
    expect(Math.max(...parts.map(bytesOf))).toBeLessThan(SNAPSHOT_BYTES_MAX);
    expect(parts.map(({ compacted }) => compacted !== undefined)).toEqual(
      parts.map((_, index) => index === 0),
    );
  });

  it("is begun by itself or by its first part", () => {
    const entries = [...inParts(snapshotOf(5_000)), ...inParts(snapshotOf(1))];
    const begins = entries.map(({ type, data }) => beginsSnapshot({ type, data: JSON.stringify(data) }));
    expect(begins).toEqual(entries.map((_, index) => index === 0 || index === entries.length - 1));
  });
});
