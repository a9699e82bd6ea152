/** Pieces of a topic's life, for tests of its history. */

import type { MetaValue, PersonValue, RoomValue } from "@guildwire/client/rooms";
import type { Op } from "@guildwire/live";
import { BUCKET_MS } from "../../../../src/features/rooms/history/day.ts";
import type { Activity } from "../../../../src/features/rooms/history/room-history.ts";
import {
  afterStep,
  emptyHistory,
  type Kept,
  type TopicHistory,
} from "../../../../src/features/rooms/history/topic-history.ts";

/** The beginning of a bucket. */
export const START_MS = 6_000_000 * BUCKET_MS;

export const metaOp = (status: MetaValue["source"]["status"]): Op => {
  const value: MetaValue = {
    guild: { id: "100", name: "Test guild", iconUrl: null },
    source: { status, since: START_MS },
  };
  return ["s", "m", value];
};

export const roomOp = (id: string, name = `Room ${id}`): Op => {
  const value: RoomValue = {
    name,
    kind: "voice",
    position: 0,
    parentId: null,
    userLimit: 0,
    status: null,
    startedAt: null,
  };
  return ["s", `r:${id}`, value];
};

export const personOp = (id: string, room: string, more: Partial<PersonValue> = {}): Op => {
  const value: PersonValue = {
    room,
    name: `User ${id}`,
    avatarUrl: null,
    bot: false,
    flags: 0,
    since: START_MS,
    roomSince: START_MS,
    ...more,
  };
  return ["s", `u:${id}`, value];
};

/** A history that is told step by step; each step is one commit. */
export class Told {
  history: TopicHistory = emptyHistory({ epoch: "e", offset: 0 });
  nowMs = START_MS;
  readonly #kept: Kept;

  constructor(kept: Kept = "everything") {
    this.#kept = kept;
  }

  step(ops: readonly Op[], { atMs = this.nowMs }: { readonly atMs?: number } = {}): this {
    const position = { epoch: "e", offset: this.history.position.offset + 1 };
    this.history = afterStep(this.history, { position, ops, atMs, knownAtMs: this.nowMs }, this.#kept);
    return this;
  }

  wait(ms: number): this {
    this.nowMs += ms;
    return this;
  }

  /** One line each, oldest first. */
  get activity(): readonly string[] {
    return this.history.activity.map(lineOf);
  }

  peaks(room: string): BucketsLater {
    return laterBuckets(this.history.rooms.get(room)?.peaks);
  }

  get together(): BucketsLater {
    return laterBuckets(this.history.together);
  }
}

type BucketsLater = readonly (readonly [bucketsLater: number, people: number])[];

function laterBuckets(peaks: ReadonlyMap<number, number> = new Map()): BucketsLater {
  return Array.from(peaks, ([bucket, people]) => [bucket - START_MS / BUCKET_MS, people] as const);
}

export function lineOf({ type, person, room, to, atMs, approx }: Activity): string {
  const where = to === undefined ? room.id : `${room.id}→${to.id}`;
  return `${person.id} ${type} ${where} ${approx ? "about " : ""}${(atMs - START_MS) / 1_000}s`;
}
