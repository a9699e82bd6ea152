/**
 * The one hub of this process, shared by pages, API and sockets. Vite re-evaluates every server module at an edit, so
 * the hub lives in a slot on globalThis that outlives them; a generation counter tells a module of new code that the
 * hub it finds there runs old code and must be replaced.
 */
import { createLog, unreadableEnvFiles } from "@guildwire/runtime";
import { composeHub, type Hub } from "../compose.ts";
import { ConfigError, type HubConfig, readConfig } from "../config.ts";
import { APP, type Log, logOn } from "../log.ts";

const SLOT_KEY = Symbol.for("guildwire.hub.runtime");

/** What is there before the hub, and whatever becomes of it. */
export interface HubSettings {
  readonly config: HubConfig;
  readonly log: Log;
}

export interface Slot {
  generation: number;
  settings?: HubSettings;
  runtime?: { readonly generation: number; readonly value: Promise<Hub> } | undefined;
}

const scope = globalThis as { [SLOT_KEY]?: Slot };
const slot: Slot = scope[SLOT_KEY] ?? { generation: 0 };
scope[SLOT_KEY] = slot;
const generation = slot.generation;

/** Read once. Throws `ConfigError` when the environment is wrong. */
export function getSettings(): HubSettings {
  slot.settings ??= readSettings();
  return slot.settings;
}

function readSettings(): HubSettings {
  const config = readConfigHere();
  const { logLevel: level, logFormat: format, logFile: file, logRetentionDays: retentionDays } = config;
  try {
    return { config, log: logOn(createLog({ app: APP, level, format, file, retentionDays })) };
  } catch (cause) {
    throw new ConfigError([`LOG_FILE cannot be written: ${String(cause)} (docs/configuration.md#hub)`]);
  }
}

/** The configuration, with a word about `.env` files here that nothing can read. */
function readConfigHere(): HubConfig {
  const unread = unreadableEnvFiles(process.cwd());
  try {
    const config = readConfig(process.env);
    return { ...config, advice: [...config.advice, ...unread] };
  } catch (cause) {
    throw cause instanceof ConfigError ? new ConfigError([...cause.problems, ...unread]) : cause;
  }
}

/**
 * Starts the hub at the first call. Rejects with `ConfigError` when the environment is wrong, with `StorageError` when the
 * data directory cannot be used; the next call then tries again.
 */
export async function getRuntime(): Promise<Hub> {
  const current = slot.runtime;
  if (current && current.generation >= generation) return await current.value;
  const { config, log } = getSettings();
  const value = replaced(current?.value).then(() => composeHub(config, log));
  slot.runtime = { generation, value };
  try {
    return await value;
  } catch (cause) {
    if (slot.runtime?.value === value) slot.runtime = undefined;
    throw cause;
  }
}

/** The store has one user. It is closed when this resolves; closing the browsers' sockets takes longer. */
async function replaced(value: Promise<Hub> | undefined): Promise<void> {
  const hub = await value?.catch(() => undefined);
  void hub?.close();
}
