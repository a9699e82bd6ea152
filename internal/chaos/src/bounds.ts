/** How much memory and disk worker and hub take while everything goes wrong, against bounds. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Rig } from "./rig.ts";

const MIB = 1024 * 1024;

/** Most of each, in bytes. Memory is resident memory, code and all. */
export const BOUNDS = {
  "worker memory": 256 * MIB,
  "hub memory": 320 * MIB,
  "worker files": 16 * MIB,
  "hub files": 24 * MIB,
} as const;

export type Measure = keyof typeof BOUNDS;

const SAMPLE_EVERY_MS = 1_000;

export class BoundsWatch implements Disposable {
  readonly most = new Map<Measure, number>();
  readonly #timer: NodeJS.Timeout;

  constructor(rig: Rig) {
    this.#timer = setInterval(() => {
      for (const name of ["worker", "hub"] as const) {
        this.#see(`${name} memory`, memoryBytes(rig.supervisor.process(name).pid));
        this.#see(`${name} files`, folderBytes(join(rig.dataDir, name)));
      }
    }, SAMPLE_EVERY_MS);
  }

  findings(): readonly string[] {
    return [...this.most]
      .filter(([measure, bytes]) => bytes > BOUNDS[measure])
      .map(
        ([measure, bytes]) => `${measure}: ${mebibytes(bytes)} is more than ${mebibytes(BOUNDS[measure])}`,
      );
  }

  #see(measure: Measure, bytes: number): void {
    this.most.set(measure, Math.max(bytes, this.most.get(measure) ?? 0));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

export function mebibytes(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}

/** 0 where there is no /proc, or no such process any more. */
function memoryBytes(pid: number | undefined): number {
  try {
    const found = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return Number(found?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

function folderBytes(folder: string): number {
  try {
    return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  } catch {
    return 0;
  }
}
