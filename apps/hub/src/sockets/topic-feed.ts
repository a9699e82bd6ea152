/**
 * One topic on its way to this hub's browsers.
 *
 *   engine ──delta──▶ window ──one frame, one Buffer──▶ every live member
 *                                                 └──▶ members that are reading (they keep it until their answer)
 *
 * Rules:
 *   F1  A change after a quiet window goes out at once; more within a window wait and leave as one squashed frame.
 *       So a topic makes at most 40 frames a second, whatever happens, and a single change is not delayed.
 *   F2  A frame is encoded once, and so is every snapshot and every answer to a position that many come from.
 *   F3  A member joins before it reads (the engine's rule E4), so nothing falls between the two.
 *   F4  Deltas must join on. If they do not, or the epoch is another, what members hold is void and they are told.
 *   F5  A frame goes to the members that are live when it is made, in slices (sliced-round.ts). The next is made when the
 *       one before has reached them all, so each member gets frames and ticks in order, and however slow the round is,
 *       one frame waits.
 *   F6  A large audience has a longer window: what a topic costs a second is bounded, not what a frame costs.
 */
import {
  type CommittedDelta,
  DELTA_OPS_MAX,
  type Delta,
  type DeltaFrame,
  type Position,
  type ServerMessage,
  snapshotPages,
  squashDeltas,
  type TopicAnswer,
  type TopicEngine,
} from "@guildwire/live";
import type { Clock } from "@guildwire/runtime";
import type { HubMetrics } from "../hub-metrics.ts";
import type { Seen } from "../intake/source-seen.ts";
import { createSlicedRounds } from "./sliced-round.ts";

export const WINDOW_MS = 50;
/** With some ms for the way to here and on, a page then has every change within 50 ms, however many there are. */
const SMALL_WINDOW_MS = 25;
/** From so many members on, whether live or not. */
const WINDOWS: readonly (readonly [members: number, windowMs: number])[] = [
  [20_000, 250],
  [5_000, 100],
  [500, WINDOW_MS],
];
/** Deltas that wait in one window; at the bound the window ends early. */
const PENDING_DELTAS_MAX = 256;
/** Answers kept for browsers that come from the same position. */
const ANSWERS_KEPT_MAX = 64;

export interface FeedMember {
  /** To a live member. */
  takeFrame(frame: DeltaFrame): void;
  /** A tick or the like: may be dropped when the socket is full. */
  takeNotice(bytes: Uint8Array, kind: "tick" | "fresh"): void;
  /** To a member that is reading. */
  topicChanged(frame: DeltaFrame): void;
  /** The frame would be larger than a snapshot: read again from `before`. */
  readAgain(before: Position): void;
  topicBroken(): void;
}

export interface TopicFeed {
  /** The member is told of changes from now on (F3). A live member goes back to reading. */
  startReading(member: FeedMember): void;
  goLive(member: FeedMember): void;
  /** The member is told nothing until it reads again. */
  pause(member: FeedMember): void;
  /** True when this was the last member. */
  leave(member: FeedMember): boolean;
  read(position: Position | undefined): Promise<TopicAnswer>;
  committed(committed: CommittedDelta): void;
  tick(): void;
  /** Tells live members now when the source was last received. */
  tellFresh(): void;
  memberCount(): number;
  close(): void;
}

export interface TopicFeedParts {
  readonly topic: string;
  readonly engine: TopicEngine;
  readonly clock: Clock;
  readonly metrics: HubMetrics;
  /** When the topic's source was last received; `undefined` for a topic that has none. */
  readonly seen: () => Seen | undefined;
}

/** Changed in place: a broadcast passes over ten thousand of them, and looks none up. */
interface Membership {
  readonly member: FeedMember;
  state: "reading" | "live" | "paused";
  /** The first round this member takes part in: of an earlier one it holds the frame already. */
  fromRound: number;
}

interface Top {
  readonly position: Position;
  readonly digest: number;
}

export function createTopicFeed({ topic, engine, clock, metrics, seen }: TopicFeedParts): TopicFeed {
  const members = new Map<FeedMember, Membership>();
  /** Of these few: a frame must not look through ten thousand for them. */
  const reading = new Set<FeedMember>();
  const rounds = createSlicedRounds<Membership>({
    members,
    soon: (task) => clock.soon(task),
    nowMs: () => clock.monotonicMs(),
    onIdle: goOn,
  });
  let roundsStarted = 0;
  /** By position; forgotten at every change. */
  const answers = new Map<string, Promise<TopicAnswer>>();
  /** One for all who have nothing, or nothing that can be continued: positions are strangers' words. */
  let snapshotAnswer: Promise<TopicAnswer> | undefined;
  let pending: Delta[] = [];
  /** What the engine last reported, by which the next report is checked (F4). */
  let heard: Top | undefined;
  /** What was last read: the top as long as nothing has been reported. */
  let lastRead: Top | undefined;
  let lastFlushMs = Number.NEGATIVE_INFINITY;
  let cancelFlush: (() => void) | undefined;
  /** What was asked for while a round was under way. */
  let postponed: "nothing" | "flush" | "tick" = "nothing";

  function encode(kind: ServerMessage["t"], message: ServerMessage): Uint8Array {
    metrics.framesBuilt.at(kind).add();
    return Buffer.from(JSON.stringify(message));
  }

  function toLive(deliver: (member: FeedMember) => void): void {
    roundsStarted += 1;
    const round = roundsStarted;
    rounds.start(({ member, state, fromRound }) => {
      if (state !== "live" || fromRound > round) return;
      metrics.framesSent.add();
      deliver(member);
    });
  }

  function set(member: FeedMember, state: Membership["state"]): void {
    const fromRound = roundsStarted + 1;
    const membership = members.get(member);
    if (membership === undefined) members.set(member, { member, state, fromRound });
    else Object.assign(membership, { state, fromRound });
    if (state === "reading") reading.add(member);
    else reading.delete(member);
  }

  /** After a round: what had to wait for it. */
  function goOn(): void {
    const wanted = postponed;
    postponed = "nothing";
    if (wanted === "tick") tick();
    else if (wanted === "flush") flush();
  }

  function windowMs(): number {
    return WINDOWS.find(([audience]) => members.size >= audience)?.[1] ?? SMALL_WINDOW_MS;
  }

  /** All that waits as one change. */
  function squashed(): Delta | undefined {
    metrics.deltasSquashed.add(Math.max(0, pending.length - 1));
    return squashDeltas(pending);
  }

  function flush(): void {
    cancelFlush?.();
    cancelFlush = undefined;
    if (rounds.isBusy()) {
      if (postponed === "nothing") postponed = "flush";
      const waiting = squashed();
      if (waiting !== undefined) pending = [waiting];
      return;
    }
    const delta = squashed();
    pending = [];
    if (delta === undefined) return;
    lastFlushMs = clock.monotonicMs();
    if (delta.ops.length > DELTA_OPS_MAX) {
      allReadAgain({ epoch: delta.epoch, offset: delta.from });
      return;
    }
    const frame = frameOf(delta);
    for (const member of [...reading]) member.topicChanged(frame);
    toLive((member) => member.takeFrame(frame));
  }

  function allReadAgain(before: Position): void {
    for (const [member, { state }] of [...members]) if (state !== "paused") member.readAgain(before);
  }

  function tick(): void {
    if (rounds.isBusy()) {
      postponed = "tick";
      return;
    }
    flush();
    const top = heard ?? lastRead;
    if (top === undefined) return;
    const bytes = encode("tick", { t: "tick", topic, o: top.position.offset, dg: top.digest });
    toLive((member) => member.takeNotice(bytes, "tick"));
  }

  function freshBytes(): Uint8Array | undefined {
    const ages = seen();
    return (
      ages && encode("fresh", { t: "fresh", topic, worker: ages.workerAgeMs, discord: ages.discordAgeMs })
    );
  }

  function breakOff(): void {
    cancelFlush?.();
    cancelFlush = undefined;
    pending = [];
    postponed = "nothing";
    for (const member of [...members.keys()]) member.topicBroken();
  }

  async function readSnapshot(): Promise<TopicAnswer> {
    const snapshot = await engine.load(topic);
    lastRead = { position: snapshot.position, digest: snapshot.digest };
    const pages = snapshotPages(topic, snapshot).map((page) => encode("snap", page));
    return { type: "snapshot", position: snapshot.position, pages };
  }

  async function readSince(position: Position): Promise<TopicAnswer> {
    const since = await engine.since(topic, position);
    switch (since.type) {
      case "ahead":
        return since;
      case "snapshot":
        return await theSnapshot();
      case "delta":
        lastRead = { position: since.position, digest: since.digest };
        return { type: "resumed", position: since.position, frame: since.delta && frameOf(since.delta) };
      default:
        return since satisfies never;
    }
  }

  function theSnapshot(): Promise<TopicAnswer> {
    const answer = snapshotAnswer ?? readSnapshot();
    snapshotAnswer = answer;
    return answer;
  }

  function forgetAnswers(): void {
    answers.clear();
    snapshotAnswer = undefined;
  }

  function frameOf({ epoch, from, to, atMs, ops }: Delta): DeltaFrame {
    return { epoch, from, to, bytes: encode("d", { t: "d", topic, f: from, o: to, at: atMs, ops }) };
  }

  return {
    memberCount: () => members.size,
    startReading: (member) => set(member, "reading"),
    goLive(member) {
      if (!members.has(member)) return;
      set(member, "live");
      const bytes = freshBytes();
      if (bytes !== undefined) member.takeNotice(bytes, "fresh");
    },
    pause: (member) => void (members.has(member) && set(member, "paused")),
    leave(member) {
      members.delete(member);
      reading.delete(member);
      return members.size === 0;
    },

    async read(position) {
      try {
        if (position === undefined) return await theSnapshot();
        const key = `${position.epoch}:${position.offset}`;
        const answer = answers.get(key) ?? readSince(position);
        if (answers.size < ANSWERS_KEPT_MAX) answers.set(key, answer);
        return await answer;
      } catch {
        // Another try must read again.
        forgetAnswers();
        return { type: "failed" };
      }
    },

    committed({ delta, digest }) {
      forgetAnswers();
      // What was read may be older than this delta, but not of another log.
      const follows =
        delta.epoch === (heard ?? lastRead ?? { position: delta }).position.epoch &&
        (heard === undefined || delta.from === heard.position.offset);
      heard = { position: { epoch: delta.epoch, offset: delta.to }, digest };
      if (!follows) {
        breakOff();
        return;
      }
      pending.push(delta);
      const waitMs = lastFlushMs + windowMs() - clock.monotonicMs();
      if (waitMs <= 0 || pending.length >= PENDING_DELTAS_MAX) flush();
      else cancelFlush ??= clock.after(waitMs, flush);
    },

    tick,

    /** While a round is under way its frame says as much; the next notice is not far. */
    tellFresh() {
      const bytes = rounds.isBusy() ? undefined : freshBytes();
      if (bytes !== undefined) toLive((member) => member.takeNotice(bytes, "fresh"));
    },

    close() {
      cancelFlush?.();
      rounds.close();
      members.clear();
      reading.clear();
    },
  };
}
