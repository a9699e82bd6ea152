/** Between the benchmark and a client's process. */
import type { CallerJob } from "./callers/caller.ts";

export const CALLERS = ["ours", "@discordjs/rest", "oceanic.js", "@discordeno/rest"] as const;
export type CallerName = (typeof CALLERS)[number];

export interface Open extends CallerJob {
  readonly type: "open";
  readonly caller: CallerName;
}

export type Task =
  /** So many messages, to the channels in turn, all asked for at once. */
  | { readonly type: "spread"; readonly channelIds: readonly string[]; readonly messages: number }
  /** So many reads of one route at once, and a read of another route every so often until they are done. */
  | {
      readonly type: "burst";
      readonly guildId: string;
      readonly userId: string;
      readonly channelId: string;
      readonly calls: number;
      readonly probeEveryMs: number;
    }
  /** Messages to one channel, of which the first gets no answer. */
  | { readonly type: "silence"; readonly channelId: string; readonly messages: number };

export interface TaskDone {
  readonly type: "done";
  readonly tookMs: number;
  /** Calls that failed for the caller. */
  readonly failed: number;
  /** `burst`: how long each read of the other route took. `silence`: when each message but the first was through. */
  readonly timesMs: readonly number[];
}

export type Ready = { readonly type: "ready" };
