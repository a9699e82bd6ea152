/** What outlives a restart of the process, and where it is kept. */
import { readFile, rename, writeFile } from "node:fs/promises";
import type { LongPause, Remembered } from "../limiter/input.ts";

/** JSON-safe. Times are Unix milliseconds. */
export interface StoredRestMemory {
  readonly version: 1;
  readonly invalid: readonly { readonly fromMs: number; readonly count: number }[];
  readonly pauses: readonly LongPause[];
}

/**
 * Keeps the count of invalid requests and long pauses over restarts. Without it, a process that is restarted again and
 * again can spend the 10,000 invalid requests after which Discord bans the address.
 */
export interface RestMemory {
  /** `null`: nothing was stored. */
  load(): Promise<StoredRestMemory | null>;
  /** Replaces what was stored. Calls do not overlap. */
  save(memory: StoredRestMemory): Promise<void>;
}

/** In a file, replaced as a whole. A file that cannot be read counts as none: it holds nothing that cannot be learnt again. */
export function fileRestMemory(path: string): RestMemory {
  return {
    async load() {
      const text = await readFile(path, "utf8").catch(() => "null");
      return readStored(text);
    },
    async save(memory) {
      const draft = `${path}.new`;
      await writeFile(draft, JSON.stringify(memory));
      await rename(draft, path);
    },
  };
}

function readStored(text: string): StoredRestMemory | null {
  try {
    const stored = JSON.parse(text) as StoredRestMemory | null;
    const isWhole = stored?.version === 1 && Array.isArray(stored.invalid) && Array.isArray(stored.pauses);
    return isWhole ? stored : null;
  } catch {
    return null;
  }
}

/** From the machine's times to Unix milliseconds. `offsetMs`: wall time less monotonic time. */
export function toStored({ invalid, pauses }: Remembered, offsetMs: number): StoredRestMemory {
  return { version: 1, ...shifted({ invalid, pauses }, offsetMs) };
}

/** Back to the machine's times. What a clock that was set back puts into the future counts as of now. */
export function fromStored(
  { invalid, pauses }: StoredRestMemory,
  offsetMs: number,
  nowMs: number,
): Remembered {
  const remembered = shifted({ invalid, pauses }, -offsetMs);
  return {
    ...remembered,
    invalid: remembered.invalid.map(({ fromMs, count }) => ({ fromMs: Math.min(fromMs, nowMs), count })),
  };
}

function shifted({ invalid, pauses }: Remembered, byMs: number): Remembered {
  return {
    invalid: invalid.map(({ fromMs, count }) => ({ fromMs: fromMs + byMs, count })),
    pauses: pauses.map(({ of, untilMs }) => ({ of, untilMs: untilMs + byMs })),
  };
}
