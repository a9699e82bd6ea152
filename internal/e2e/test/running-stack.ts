/** A whole Guildwire for a test: three real processes on free ports, and a way to ask the simulator for the truth. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  choosePorts,
  demoStack,
  type Ports,
  type StackOptions,
  Supervisor,
  type WorldOptions,
} from "@guildwire/demo";

/** Room id → ids of the people in it, both as Discord would show them. */
export type Places = Readonly<Record<string, readonly string[]>>;

interface World {
  readonly rooms: readonly { readonly id: string; readonly people: readonly { readonly id: string }[] }[];
}

export class RunningStack implements AsyncDisposable {
  readonly ports: Ports;
  /** Everything the three processes wrote, for a failure's message and for looking for secrets. */
  readonly output: string[];
  readonly #supervisor: Supervisor;
  readonly #dataDir: string;

  private constructor(ports: Ports, supervisor: Supervisor, dataDir: string, output: string[]) {
    this.ports = ports;
    this.#supervisor = supervisor;
    this.#dataDir = dataDir;
    this.output = output;
  }

  /** `env`: more variables for one of the processes. */
  static async start(
    world: Partial<WorldOptions> = {},
    env: NonNullable<StackOptions["env"]> = {},
  ): Promise<RunningStack> {
    const ports = await choosePorts(() => {}, { sim: 0, worker: 0, hub: 0 });
    const dataDir = mkdtempSync(join(tmpdir(), "guildwire-e2e-"));
    const specs = demoStack({
      ports,
      world: { seed: 7, people: 40, rooms: 8, rate: 8, ...world },
      dataDir,
      env,
    });
    const output: string[] = [];
    const supervisor = new Supervisor([specs.worker, specs.sim, specs.hub], (name, news) => {
      output.push(news.type === "line" ? `${name}: ${news.text}` : `${name}: ${JSON.stringify(news)}`);
    });
    supervisor.start();
    await supervisor.ready();
    return new RunningStack(ports, supervisor, dataDir, output);
  }

  get pageUrl(): string {
    return `http://127.0.0.1:${this.ports.hub}/`;
  }

  /** `kill -9`; resolves when the one that took its place answers. */
  async killAndAwait(name: "sim" | "worker" | "hub"): Promise<void> {
    const process = this.#supervisor.process(name);
    process.kill();
    await process.ready;
  }

  kill(name: "sim" | "worker" | "hub"): Promise<void> {
    const process = this.#supervisor.process(name);
    process.kill();
    return process.ready;
  }

  /** The process stands still, as one that hangs, until what this gives is called. */
  freeze(name: "sim" | "worker" | "hub"): () => void {
    const { pid } = this.#supervisor.process(name);
    if (pid === undefined) throw new Error(`${name} does not run`);
    process.kill(pid, "SIGSTOP");
    return () => void process.kill(pid, "SIGCONT");
  }

  /** Stops life, so that the truth stands still. */
  async pause(): Promise<void> {
    await this.#control("POST", "/pause");
  }

  async resume(): Promise<void> {
    await this.#control("POST", "/resume");
  }

  async command(command: object): Promise<void> {
    await this.#control("POST", "/commands", command);
  }

  async act(act: object): Promise<void> {
    await this.#control("POST", "/acts", act);
  }

  async places(): Promise<Places> {
    const world = (await this.#control("GET", "/world")) as World;
    return Object.fromEntries(
      world.rooms.map((room) => [room.id, room.people.map(({ id }) => id).toSorted()]),
    );
  }

  async stats(): Promise<Readonly<Record<string, unknown>>> {
    return (await this.#control("GET", "/stats")) as Record<string, unknown>;
  }

  async #control(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${this.ports.sim}/control${path}`, {
      method,
      ...(body ? { body: JSON.stringify(body), headers: { "content-type": "application/json" } } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /control${path} answered ${response.status}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#supervisor.stop();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }
}
