/**
 * A hub without sockets, disk or time of its own, for tests: the real connection machine and topic logs, and between
 * them what the hub's feeds do. Nothing happens by itself: reads are answered by `answerReads`, what was committed
 * leaves with `flush`, and a frame is on its way until a test takes it from its socket.
 */
import type { ConnectionRules } from "../connection.ts";
import { type Delta, squashDeltas } from "../delta.ts";
import type { ServerMessage } from "../message.ts";
import type { Entry, Op } from "../op.ts";
import type { Position } from "../position.ts";
import { createTopicLog, planRestart, type RingDelta, type TopicLog } from "../topic-log.ts";
import { frameOf, ModelSocket } from "./model-socket.ts";

export type { ModelSocket } from "./model-socket.ts";

export const MODEL_TICK_MS = 25_000;
export const MODEL_GRACE_MS = 10_000;

export interface ModelHubOptions {
  readonly epoch: string;
  readonly admitTopic?: ConnectionRules["admitTopic"];
  /** A frame of more ops is not sent; everybody reads again. */
  readonly frameOpsMax?: number;
  /** Frames a socket may hold before it is slow. */
  readonly backlogFramesMax?: number;
}

interface Kept {
  readonly log: TopicLog;
  readonly ring: readonly RingDelta[];
}

interface Feed {
  readonly members: Map<ModelSocket, "reading" | "live" | "paused">;
  pending: Delta[];
}

export class ModelHub {
  nowMs = 0;
  readonly sockets = new Set<ModelSocket>();
  readonly #options: Required<ModelHubOptions>;
  readonly #kept = new Map<string, Kept>();
  readonly #feeds = new Map<string, Feed>();
  /** What each topic was at each position it ever had. */
  readonly #states = new Map<string, readonly Entry[]>();
  #epoch: string;
  #epochs = 0;

  constructor(options: ModelHubOptions) {
    const admitTopic = options.admitTopic ?? (() => ({ ok: true }));
    this.#options = { frameOpsMax: 500, backlogFramesMax: 1_000, ...options, admitTopic };
    this.#epoch = options.epoch;
  }

  get rules(): ConnectionRules {
    return {
      connectionId: "c_1",
      tickMs: MODEL_TICK_MS,
      graceMs: MODEL_GRACE_MS,
      anyone: { subject: null, views: [], guilds: null, expiresAtMs: null, resume: null },
      admitTopic: this.#options.admitTopic,
    };
  }

  get backlogFramesMax(): number {
    return this.#options.backlogFramesMax;
  }

  open(): ModelSocket {
    const socket = new ModelSocket(this);
    this.sockets.add(socket);
    return socket;
  }

  log(topic: string): TopicLog {
    return this.#kept.get(topic)?.log ?? createTopicLog(this.#epoch);
  }

  /** `undefined`: the topic never was there. */
  stateAt(topic: string, { epoch, offset }: Position): readonly Entry[] | undefined {
    return offset === 0 ? [] : this.#states.get(`${topic} ${epoch} ${offset}`);
  }

  commit(topic: string, ops: readonly Op[], atMs = this.nowMs): void {
    const log = this.log(topic);
    const planned = log.plan(ops, { atMs, nowMs: this.nowMs });
    if (planned === undefined) return;
    log.apply(planned, this.nowMs);
    const ring = [
      ...(this.#kept.get(topic)?.ring ?? []),
      { delta: planned.delta, committedAtMs: this.nowMs },
    ];
    this.#keep(topic, { log, ring: ring.filter(({ delta }) => delta.to > planned.reachesBackTo) });
    this.#feeds.get(topic)?.pending.push(planned.delta);
  }

  /** The topic's log begins anew, as when a view is narrowed: whoever reads it is told. */
  restartTopic(topic: string, ops: readonly Op[], epoch: string = this.#newEpoch()): void {
    const log = createTopicLog(epoch);
    const planned = planRestart(log, ops, { atMs: this.nowMs, nowMs: this.nowMs });
    log.apply(planned, this.nowMs);
    this.#keep(topic, { log, ring: [{ delta: planned.delta, committedAtMs: this.nowMs }] });
    const feed = this.#feeds.get(topic);
    if (feed === undefined) return;
    feed.pending = [];
    for (const socket of [...feed.members.keys()]) socket.take({ type: "topicBroken", topic });
  }

  /** The process ends and comes back, from what it had stored or with an empty disk. Every socket is cut. */
  restart(disk: "kept" | "lost"): void {
    for (const socket of [...this.sockets]) socket.cut();
    this.#feeds.clear();
    if (disk === "kept") {
      for (const [topic, { log, ring }] of this.#kept) {
        const { position, entries } = log.snapshot();
        const stored = { offset: position.offset, entries, ring };
        this.#kept.set(topic, { log: createTopicLog(position.epoch, stored), ring });
      }
      return;
    }
    this.#epoch = this.#newEpoch();
    const lost = [...this.#kept];
    this.#kept.clear();
    // The worker sends everything again.
    for (const [topic, { log }] of lost) {
      const ops = log.snapshot().entries.map(([key, value]): Op => ["s", key, value]);
      this.commit(topic, ops);
    }
  }

  /** The window of each topic ends. */
  flush(): void {
    for (const [topic, feed] of this.#feeds) {
      const delta = squashDeltas(feed.pending);
      feed.pending = [];
      if (delta === undefined) continue;
      if (delta.ops.length > this.#options.frameOpsMax) {
        const position: Position = { epoch: delta.epoch, offset: delta.from };
        const told = [...feed.members].filter(([, state]) => state !== "paused");
        for (const [socket] of told) socket.take({ type: "readAgain", topic, position });
        continue;
      }
      const frame = frameOf(topic, delta);
      const before = [...feed.members];
      for (const [socket, state] of before) {
        if (state === "reading") socket.take({ type: "topicChanged", topic, frame });
        else if (state === "live") socket.takeFrame(topic, frame);
      }
    }
  }

  /** Every topic tells where it stands, after what waits. */
  tick(): void {
    this.flush();
    for (const [topic, { members }] of this.#feeds) {
      const log = this.log(topic);
      const tick: ServerMessage = { t: "tick", topic, o: log.position().offset, dg: log.digest() };
      for (const [socket, state] of members) if (state === "live") socket.takeNotice(tick);
    }
    for (const socket of this.sockets) socket.pingIfIdle();
  }

  answerReads(): void {
    for (const socket of [...this.sockets]) socket.answerReads();
  }

  feed(topic: string): Feed {
    const feed = this.#feeds.get(topic) ?? { members: new Map(), pending: [] };
    this.#feeds.set(topic, feed);
    return feed;
  }

  leave(topic: string, socket: ModelSocket): void {
    const feed = this.#feeds.get(topic);
    feed?.members.delete(socket);
    if (feed?.members.size === 0) this.#feeds.delete(topic);
  }

  #keep(topic: string, kept: Kept): void {
    this.#kept.set(topic, kept);
    const { position, entries } = kept.log.snapshot();
    this.#states.set(`${topic} ${position.epoch} ${position.offset}`, entries);
  }

  #newEpoch(): string {
    this.#epochs += 1;
    return `${this.#options.epoch}_${this.#epochs}`;
  }
}
