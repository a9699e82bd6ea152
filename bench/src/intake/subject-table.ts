/** Who takes part. */
import type { Transport } from "./sync-zlib.ts";

export interface Subject {
  /** In tables. */
  readonly name: string;
  /** A file of `subjects/`, without its ending; `null` for the built worker. */
  readonly script: string | null;
  readonly transports: readonly Transport[];
  /** Flags of Node itself. */
  readonly nodeFlags?: readonly string[];
  /** Keeps guilds, members and messages in memory and makes objects of them. */
  readonly caches?: boolean;
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

export const SUBJECTS: readonly Subject[] = [
  OURS,
  OURS_BEFORE_STORE,
  BARE_COUNT,
  BARE_SCAN,
  BARE_PARSE,
  DISCORDJS_WS,
];
