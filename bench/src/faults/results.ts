/** Outcomes of trials, kept beside the report so that one client can be run again without the others. */
import { readFileSync, writeFileSync } from "node:fs";
import type { Outcome } from "./scenarios/scenario.ts";

export interface Cell extends Outcome {
  readonly client: string;
  readonly scenario: string;
  readonly version: string;
  /** ISO date and time. */
  readonly ranAt: string;
}

/** Committed, because a peer takes minutes and seldom changes. */
const FILE = new URL("../../faults.json", import.meta.url);

export class Results {
  readonly #cells = new Map<string, Cell>();

  static load(): Results {
    const results = new Results();
    try {
      for (const cell of JSON.parse(readFileSync(FILE, "utf8")) as readonly Cell[]) results.#put(cell);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    return results;
  }

  get(client: string, scenario: string): Cell | undefined {
    return this.#cells.get(`${client}/${scenario}`);
  }

  /** Stored at once: a run that is broken off keeps what it has. */
  add(cell: Cell): void {
    this.#put(cell);
    const cells = [...this.#cells]
      .toSorted(([one], [other]) => one.localeCompare(other))
      .map(([, each]) => each);
    writeFileSync(FILE, `${JSON.stringify(cells, null, 2)}\n`);
  }

  #put(cell: Cell): void {
    this.#cells.set(`${cell.client}/${cell.scenario}`, cell);
  }
}
