/** What is played: the figures of a table are of one load and one transport. */
import type { Transport } from "./sync-zlib.ts";
import type { TrafficOptions } from "./traffic.ts";

export interface Load {
  readonly name: string;
  readonly caption: string;
  readonly traffic: TrafficOptions;
  readonly transport: Transport;
}

const SERVERS = { guilds: 50, people: 90, rooms: 12 } as const;
const ONE_PERCENT: TrafficOptions = { ...SERVERS, oursShare: 0.01, mix: "life" };
const ALL_OURS: TrafficOptions = { ...SERVERS, oursShare: 1, mix: "life" };
const ALL_WANTED: TrafficOptions = { ...SERVERS, oursShare: 1, mix: "voice" };

export const LOADS = {
  plain: { name: "plain", caption: "Uncompressed, 1 % ours", traffic: ONE_PERCENT, transport: "none" },
  zlib: { name: "zlib", caption: "zlib-stream, 1 % ours", traffic: ONE_PERCENT, transport: "zlib-stream" },
  zstd: { name: "zstd", caption: "zstd-stream, 1 % ours", traffic: ONE_PERCENT, transport: "zstd-stream" },
  ours: { name: "ours", caption: "Uncompressed, all ours", traffic: ALL_OURS, transport: "none" },
  voice: {
    name: "voice",
    caption: "Uncompressed, all ours and all of voice: each frame is parsed and most make an event",
    traffic: ALL_WANTED,
    transport: "none",
  },
} as const satisfies Record<string, Load>;

export type LoadName = keyof typeof LOADS;
