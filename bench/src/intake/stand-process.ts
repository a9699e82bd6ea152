/** The benchmark's end of the stand-in (`stand.ts`). */
import { fileURLToPath } from "node:url";
import { LOAD_CORE, MeasuredProcess } from "../suite/measured-process.ts";
import type { Recording } from "./recording.ts";
import type { StandOrder, StandReport } from "./stand-message.ts";

type Reported<Type extends StandReport["type"]> = Extract<StandReport, { type: Type }>;

export class Stand implements AsyncDisposable {
  readonly #process: MeasuredProcess;
  readonly port: number;

  private constructor(process: MeasuredProcess, port: number) {
    this.#process = process;
    this.port = port;
  }

  static async start(): Promise<Stand> {
    const script = fileURLToPath(new URL("stand.ts", import.meta.url));
    const process = MeasuredProcess.start({ script, core: LOAD_CORE });
    const { port } = await process.message(isReport("listening"), 10_000);
    return new Stand(process, port);
  }

  get gatewayUrl(): string {
    return `ws://127.0.0.1:${this.port}/gateway`;
  }

  async load(recording: Recording): Promise<void> {
    const loaded = this.#process.message(isReport("loaded"), 5_000);
    this.order({ type: "load", recording });
    await loaded;
  }

  order(order: StandOrder): void {
    this.#process.send(order);
  }

  /** The next report of a type; rejects when the client leaves, or never really came. */
  async next<Type extends StandReport["type"]>(type: Type, withinMs: number): Promise<Reported<Type>> {
    const isIt = isReport(type);
    const isEnd = (message: unknown): message is StandReport => {
      const said = (message as StandReport).type;
      return said === "left" || said === "refused";
    };
    const message = await this.#process.message(
      (one): one is StandReport => isIt(one) || isEnd(one),
      withinMs,
    );
    if (isIt(message)) return message;
    throw new Error(`the client did not stay: ${JSON.stringify(message)}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.end();
  }
}

function isReport<Type extends StandReport["type"]>(type: Type) {
  return (message: unknown): message is Reported<Type> => (message as StandReport).type === type;
}
