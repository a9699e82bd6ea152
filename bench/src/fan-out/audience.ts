/** The benchmark's end of the listeners' process (`sink.ts`). */
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { LOAD_CORE, MeasuredProcess } from "../suite/measured-process.ts";
import type { FanOutServer, FanOutSubject } from "./server.ts";
import { isSinkReport, type SinkOrder, type SinkReport } from "./sink-message.ts";

type Reported<Type extends SinkReport["type"]> = Extract<SinkReport, { type: Type }>;

const LOOK_AGAIN_MS = 20;
const ANSWER_MS_MAX = 30_000;
const OPEN_MS_MAX = 180_000;

export class Audience implements AsyncDisposable {
  readonly #process: MeasuredProcess;

  private constructor(process: MeasuredProcess) {
    this.#process = process;
  }

  static start(): Audience {
    const script = fileURLToPath(new URL("sink.ts", import.meta.url));
    return new Audience(MeasuredProcess.start({ script, core: LOAD_CORE }));
  }

  /** Resolves when all are live. */
  async open(
    { dialect }: FanOutSubject,
    { port }: FanOutServer,
    sockets: number,
  ): Promise<Reported<"opened">> {
    return await this.#asked({ type: "open", port, dialect, sockets }, "opened", OPEN_MS_MAX);
  }

  async reset(): Promise<void> {
    await this.#asked({ type: "reset" }, "reset", ANSWER_MS_MAX);
  }

  async counted(): Promise<Reported<"counted">> {
    return await this.#asked({ type: "count" }, "counted", ANSWER_MS_MAX);
  }

  /** Resolves when so many deliveries have come since the reset. */
  async reached(deliveries: number): Promise<Reported<"counted">> {
    const untilMs = performance.now() + ANSWER_MS_MAX;
    for (;;) {
      const counted = await this.counted();
      if (counted.deliveries >= deliveries) return counted;
      if (performance.now() > untilMs)
        throw new Error(`${counted.deliveries} of ${deliveries} deliveries came`);
      await pause(LOOK_AGAIN_MS);
    }
  }

  /** Resolves when nothing has come for so long. */
  async quiet(forMs: number): Promise<Reported<"counted">> {
    let before = await this.counted();
    for (;;) {
      await pause(forMs);
      const after = await this.counted();
      if (after.deliveries === before.deliveries) return after;
      before = after;
    }
  }

  async cut(): Promise<void> {
    await this.#asked({ type: "cut" }, "cut", ANSWER_MS_MAX);
  }

  async resume(): Promise<Reported<"opened">> {
    return await this.#asked({ type: "resume" }, "opened", OPEN_MS_MAX);
  }

  async #asked<Type extends SinkReport["type"]>(
    order: SinkOrder,
    type: Type,
    withinMs: number,
  ): Promise<Reported<Type>> {
    const answer = this.#process.message(isSinkReport(type), withinMs);
    this.#process.send(order);
    return await answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.end();
  }
}
