/** Who takes part. */
import type { Transport } from "./sync-zlib.ts";

export interface Subject {
  /** In tables. */
  readonly name: string;
  /** A file of `subjects/`, without its ending; `null` for the built worker. */
  readonly script: string | null;
  readonly transports: readonly Transport[];
  /** Where one script has several ways. */
  readonly variant?: string;
}

const ALL: readonly Transport[] = ["none", "zlib-stream", "zstd-stream"];

export const OURS = { name: "ours, whole worker", script: null, transports: ALL } as const;
export const OURS_BEFORE_STORE = {
  name: "ours, before the store",
  script: "ours-before-store",
  transports: ALL,
} as const;
export const BARE_COUNT = { name: "bare ws, counting", script: "bare-count", transports: ALL } as const;
export const BARE_SCAN = { name: "bare ws + byte scan", script: "bare-scan", transports: ALL } as const;
export const BARE_PARSE = { name: "bare ws + JSON.parse", script: "bare-parse", transports: ALL } as const;
export const DISCORDJS_WS = {
  name: "@discordjs/ws",
  script: "discordjs-ws",
  transports: ["none", "zlib-stream"],
} as const;

export const DISCORD_JS = { name: "discord.js", script: "discord-js", transports: ["none"] } as const;
export const DISCORD_JS_TRIMMED = {
  name: "discord.js, caches trimmed",
  script: "discord-js",
  variant: "trimmed",
  transports: ["none"],
} as const;

export const SUBJECTS: readonly Subject[] = [
  OURS,
  OURS_BEFORE_STORE,
  BARE_COUNT,
  BARE_SCAN,
  BARE_PARSE,
  DISCORDJS_WS,
  { name: "@discordeno/gateway", script: "discordeno", transports: ALL },
  { name: "eris", script: "eris", transports: ["none"] },
  { name: "oceanic.js", script: "oceanic", transports: ALL },
  DISCORD_JS,
  DISCORD_JS_TRIMMED,
];
