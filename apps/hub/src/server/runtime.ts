/**
 * The one hub of this process, shared by pages, API and sockets. Vite re-evaluates every server module at an edit, so
 * the hub lives in a slot on globalThis that outlives them; a generation counter tells a module of new code that the
 * hub it finds there runs old code and must be replaced.
 */
import { composeHub, type Hub } from "../compose.ts";
import { readConfig } from "../config.ts";

const SLOT_KEY = Symbol.for("guildwire.hub.runtime");

export interface Slot {
  generation: number;
  runtime?: { readonly generation: number; readonly value: Hub } | undefined;
}

const scope = globalThis as { [SLOT_KEY]?: Slot };
const slot: Slot = scope[SLOT_KEY] ?? { generation: 0 };
scope[SLOT_KEY] = slot;
const generation = slot.generation;

/**
 * Starts the hub at the first call. Throws `ConfigError` when the environment is wrong, `StoreError` when the data
 * directory cannot be used.
 */
export function getRuntime(): Hub {
  const current = slot.runtime;
  if (current && current.generation >= generation) return current.value;
  if (current) {
    slot.runtime = undefined;
    // The store has one user. It is closed when this returns; saying goodbye to browsers takes longer.
    void current.value.close();
  }
  const value = composeHub(readConfig(process.env));
  slot.runtime = { generation, value };
  return value;
}
