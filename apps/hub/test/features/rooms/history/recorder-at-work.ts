/** Recorders of one engine, each with its own file, which can be killed at any moment and followed by another. */
import { DatabaseSync } from "node:sqlite";
import type { TopicEngine } from "@guildwire/live";
import type { Clock } from "@guildwire/runtime";
import {
  createHistoryRecorder,
  type HistoryRecorder,
} from "../../../../src/features/rooms/history/history-recorder.ts";
import { HISTORY_MIGRATIONS } from "../../../../src/features/rooms/history/history-schema.ts";
import {
  createHistoryStore,
  type HistoryStore,
} from "../../../../src/features/rooms/history/history-store.ts";
import { watchHistory } from "../../../../src/features/rooms/history/history-watch.ts";
import type { RoomHistory } from "../../../../src/features/rooms/history/room-history.ts";
import type { Kept } from "../../../../src/features/rooms/history/topic-history.ts";
import { createHubMetrics, type HubMetrics } from "../../../../src/hub-metrics.ts";
import { linesOf } from "../../../log-lines.ts";

export const TOPIC = "voice/100/public";

export interface RecorderSetting {
  readonly engine: TopicEngine;
  readonly clock: Clock;
  readonly keptOf?: (topic: string) => Kept | undefined;
  readonly database?: DatabaseSync;
}

interface Life {
  readonly recorder: HistoryRecorder;
  isOver: boolean;
}

export function emptyHistoryFile(): DatabaseSync {
  const database = new DatabaseSync(":memory:");
  for (const migration of HISTORY_MIGRATIONS) database.exec(migration);
  return database;
}

export class RecorderAtWork {
  readonly database: DatabaseSync;
  readonly log: string[] = [];
  readonly metrics: HubMetrics = createHubMetrics({ version: "0.0.0", commit: null });
  savesToFail = 0;
  isDoubted = false;
  #life: Life | undefined;
  readonly #setting: RecorderSetting;

  constructor(setting: RecorderSetting) {
    this.#setting = setting;
    this.database = setting.database ?? emptyHistoryFile();
  }

  /** As `kill -9` leaves it: what was not saved is gone. */
  kill(): void {
    if (this.#life !== undefined) this.#life.isOver = true;
    this.#life = undefined;
  }

  get isAlive(): boolean {
    return this.#life !== undefined;
  }

  async live(): Promise<this> {
    if (this.#life !== undefined) return this;
    const { engine, clock, keptOf = (topic) => (topic === TOPIC ? "everything" : undefined) } = this.#setting;
    const isOver = (): boolean => life.isOver;
    const recorder = createHistoryRecorder({
      engine: { ...engine, listen: (listener) => engine.listen((told) => void (isOver() || listener(told))) },
      clock: {
        wallMs: () => clock.wallMs(),
        monotonicMs: () => clock.monotonicMs(),
        after: (delayMs, task) => clock.after(delayMs, () => void (isOver() || task())),
        soon: (task) => clock.soon(() => void (isOver() || task())),
      },
      openStore: () => this.#store(),
      watch: watchHistory(
        linesOf(this.log, () => clock.wallMs()),
        this.metrics,
        clock,
      ),
      topicsOf: () => [TOPIC],
      isDoubted: () => this.isDoubted,
      keptOf,
    });
    const life: Life = { recorder, isOver: false };
    this.#life = life;
    await recorder.begin();
    return this;
  }

  read(topic = TOPIC): RoomHistory | undefined {
    return this.#life?.recorder.read(topic);
  }

  #store(): HistoryStore {
    const store = createHistoryStore(this.database);
    return {
      load: () => store.load(),
      save: (changes, topicsToForget) => {
        if (this.savesToFail > 0) {
          this.savesToFail -= 1;
          throw new Error("this save fails");
        }
        store.save(changes, topicsToForget);
      },
      close: () => {},
    };
  }
}
