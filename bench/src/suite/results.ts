/** results.json: the last result of each benchmark, with the machine it ran on. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Machine } from "./machine.ts";

export interface Kept {
  readonly machine: Machine;
  readonly quick: boolean;
  /** Where it has rounds. */
  readonly rounds?: number | undefined;
  readonly tookS: number;
  /** What could not be measured, and why. */
  readonly failures: readonly string[];
  readonly result: unknown;
}

const FILE = new URL("../../results.json", import.meta.url);

export class Results {
  readonly #byName: Map<string, Kept>;

  private constructor(byName: Map<string, Kept>) {
    this.#byName = byName;
  }

  static load(): Results {
    if (!existsSync(FILE)) return new Results(new Map());
    const kept = JSON.parse(readFileSync(FILE, "utf8")) as Record<string, Kept>;
    return new Results(new Map(Object.entries(kept)));
  }

  get(name: string): Kept | undefined {
    return this.#byName.get(name);
  }

  /** Written at once: a run that is stopped half-way keeps what it has. */
  keep(name: string, kept: Kept): void {
    this.#byName.set(name, kept);
    writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(this.#byName), null, 1)}\n`);
  }
}
