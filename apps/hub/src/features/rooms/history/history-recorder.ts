/**
 * Keeps the last day of every view's topic, beside the engine and never in its way.
 *
 *   engine ──delta──▶ fold in memory ──every few seconds──▶ history.sqlite: histories with their positions
 *     └──chain, or the whole topic: where a delta does not join on, and after a start──▶ fold
 *
 * Rules:
 *   R1  A step is folded once: a history goes on from its position, whoever held it before. What was folded and not yet
 *       stored when the process died is told again by the engine's chain.
 *       A topic that is still told from its beginning has all of it, though nothing was stored.
 *   R2  Where the chain is too short, the difference to the whole topic is one step, and a guess.
 *   R3  A topic under another epoch, or that went back, has no past: what is stored of it is forgotten. The rules of a
 *       view may have been narrowed.
 *   R4  What goes wrong here is logged, and costs histories only. Without a file they are kept in memory.
 *   R5  Nobody looks before what the hub had stored has been taken up (`begin`): an old `live` is no news of now.
 */
import type { CommittedDelta, Position, TopicEngine } from "@guildwire/live";
import type { Clock } from "@guildwire/runtime";
import { changesBetween } from "./history-changes.ts";
import type { HistoryStore } from "./history-store.ts";
import type { HistoryWatch } from "./history-watch.ts";
import { type RoomHistory, tellHistory } from "./room-history.ts";
import {
  afterStep,
  asOf,
  emptyHistory,
  type Kept,
  type Step,
  stepOf,
  stepTo,
  type TopicHistory,
} from "./topic-history.ts";

/** Between two looks at everything, and two saves: what a crash leaves to the engine's chain. */
export const LOOK_EVERY_MS = 5_000;
/** Topics with a history; what comes later has none. */
export const TOPICS_MAX = 1_024;

export interface HistoryRecorder {
  /** Brings every history to its topic's position. Never rejects. */
  begin(): Promise<void>;
  /** `undefined`: none is kept. */
  read(topic: string): RoomHistory | undefined;
  /** Saves, and lets go of the file before it returns. */
  close(): void;
}

export interface HistoryRecorderParts {
  readonly engine: TopicEngine;
  /** May throw. `undefined`: memory alone. */
  readonly openStore: () => HistoryStore | undefined;
  readonly clock: Clock;
  readonly watch: HistoryWatch;
  /** The topics of a source. */
  readonly topicsOf: (source: string) => readonly string[];
  /** The source is silent and that could not be stored: what the topic says is no news of now. */
  readonly isDoubted: (topic: string) => boolean;
  /** `undefined`: no history is kept of this topic. */
  readonly keptOf: (topic: string) => Kept | undefined;
}

interface Recorded {
  readonly kept: Kept;
  /** `undefined`: the topic was never written to, or has not been read yet. */
  history: TopicHistory | undefined;
  /** What is in the file and may stay there. */
  stored: TopicHistory | undefined;
  isReading: boolean;
  /** Something was committed that is not in the history and did not join on. */
  isBehind: boolean;
}

export function createHistoryRecorder(parts: HistoryRecorderParts): HistoryRecorder {
  const { engine, openStore, clock, watch, topicsOf, isDoubted, keptOf } = parts;
  let store: HistoryStore | undefined;
  const topics = new Map<string, Recorded>();
  const toForget = new Set<string>();
  let hasBegun = false;
  let isClosed = false;
  let cancelLook: (() => void) | undefined;

  for (const [topic, history] of loadAll()) {
    const one = recorded(topic);
    if (one === undefined) toForget.add(topic);
    else one.history = one.stored = history;
  }
  const stopListening = engine.listen(committed);
  watch.countTopics(() => topics.size);

  function loadAll(): ReadonlyMap<string, TopicHistory> {
    try {
      store = openStore();
      return store?.load() ?? new Map();
    } catch (cause) {
      watch.failed(cause);
      letGo();
      return new Map();
    }
  }

  function letGo(): void {
    try {
      store?.close();
    } catch (cause) {
      watch.failed(cause);
    }
    store = undefined;
  }

  function recorded(topic: string): Recorded | undefined {
    const known = topics.get(topic);
    if (known !== undefined) return known;
    const kept = keptOf(topic);
    if (kept === undefined) return undefined;
    if (topics.size >= TOPICS_MAX) {
      watch.refused(topic);
      return undefined;
    }
    const one = { kept, history: undefined, stored: undefined, isReading: false, isBehind: false };
    topics.set(topic, one);
    return one;
  }

  function committed({ topic, delta }: CommittedDelta): void {
    const one = hasBegun ? recorded(topic) : undefined;
    if (one === undefined) return;
    if (!one.isReading && delta.from === 0 && one.history?.position.epoch !== delta.epoch) {
      beginAnew(one, { epoch: delta.epoch, offset: 0 });
    }
    const { position } = one.history ?? {};
    const joinsOn = position?.epoch === delta.epoch && position.offset === delta.from;
    if (!one.isReading && joinsOn) fold(one, stepOf(delta, clock.wallMs()));
    else {
      one.isBehind = true;
      void catchUp(topic, one);
    }
  }

  function beginAnew(one: Recorded, position: Position): void {
    one.history = emptyHistory(position);
    one.stored = undefined;
  }

  /** The engine's listeners may not throw (R4). */
  function fold(one: Recorded, step: Step): void {
    try {
      one.history = afterStep(one.history ?? emptyHistory(step.position), step, one.kept);
    } catch (cause) {
      watch.failed(cause);
      beginAnew(one, step.position);
    }
  }

  async function catchUp(topic: string, one: Recorded): Promise<void> {
    if (one.isReading) return;
    one.isReading = true;
    try {
      do {
        one.isBehind = false;
        await reach(topic, one);
      } while (one.isBehind);
    } catch (cause) {
      // The next look tries again.
      one.isBehind = true;
      watch.failed(cause);
    } finally {
      one.isReading = false;
    }
  }

  async function reach(topic: string, one: Recorded): Promise<void> {
    if (one.history !== undefined && (await takeSteps(topic, one))) return;
    const { position, entries } = await engine.load(topic);
    if (position.offset === 0) {
      one.history = undefined;
      return;
    }
    const held = one.history?.position;
    const isPast = held?.epoch === position.epoch && held.offset < position.offset;
    if (!isPast) {
      beginAnew(one, { epoch: position.epoch, offset: 0 });
      if (await takeSteps(topic, one)) return;
    }
    fold(one, stepTo(position, entries, clock.wallMs()));
    watch.caughtUp(isPast ? "difference" : "anew");
  }

  /** False: not all of them can be told. */
  async function takeSteps(topic: string, one: Recorded): Promise<boolean> {
    const chain = one.history && (await engine.chain(topic, one.history.position));
    if (chain === undefined) return false;
    for (const { delta, committedAtMs } of chain) fold(one, stepOf(delta, committedAtMs));
    watch.caughtUp("steps");
    return true;
  }

  function look(): void {
    cancelLook = clock.after(LOOK_EVERY_MS, look);
    for (const [topic, one] of topics) {
      if (one.isBehind) void catchUp(topic, one);
      one.history = one.history && seen(topic, one.history);
    }
    save();
  }

  function seen(topic: string, history: TopicHistory): TopicHistory {
    return isDoubted(topic) ? history : asOf(history, clock.wallMs());
  }

  function save(): void {
    if (store === undefined) return;
    const unsaved = [...topics].flatMap(([topic, one]) => {
      const changes = one.history && changesBetween(topic, one.stored, one.history);
      return changes === undefined ? [] : [{ one, changes }];
    });
    const emptied = [...topics].filter(([, one]) => one.history === undefined && one.stored !== undefined);
    if (unsaved.length + emptied.length + toForget.size === 0) return;
    try {
      store.save(
        unsaved.map(({ changes }) => changes),
        [...toForget, ...emptied.map(([topic]) => topic)],
      );
    } catch (cause) {
      watch.failed(cause);
      return;
    }
    for (const [, one] of topics) one.stored = one.history;
    toForget.clear();
    watch.saved();
  }

  return {
    async begin() {
      hasBegun = true;
      try {
        for (const { source } of await engine.listSources()) topicsOf(source).forEach(recorded);
        await Promise.all(Array.from(topics, ([topic, one]) => catchUp(topic, one)));
      } catch (cause) {
        watch.failed(cause);
      }
      if (!isClosed) look();
    },
    read(topic) {
      const history = hasBegun ? topics.get(topic)?.history : undefined;
      return history && tellHistory(topic, seen(topic, history), clock.wallMs());
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      stopListening();
      cancelLook?.();
      if (hasBegun) save();
      letGo();
    },
  };
}
