import type { Clock } from "@guildwire/runtime/clock";
import type { SessionEvent } from "../session/effect.ts";
import type { SessionTiming } from "../session/timing.ts";
import type { Compression } from "./compression.ts";
import type { DispatchBatch } from "./delivery-queue.ts";
import type { DispatchFilter } from "./frame-scan.ts";
import type { FetchGatewayBot } from "./gateway-address.ts";
import type { IdentifyQueue } from "./identify-queue.ts";
import type { OpenSocket } from "./socket.ts";

export interface GatewayClientOptions {
  /** Without the `Bot ` prefix. */
  readonly token: string;
  readonly intents: number;
  /** Takes dispatches in order, a batch at a time; what it returns is awaited before the next batch. */
  readonly onDispatches: (batch: DispatchBatch) => void | Promise<void>;
  /** Everything else worth knowing, for logs, health and metrics. Must not throw. */
  readonly onEvent: (event: GatewayEvent) => void;
  readonly fetchGatewayBot: FetchGatewayBot;
  /** Which dispatches the consumer wants; the others are passed over unparsed. Without one it gets all of them. */
  readonly filter?: DispatchFilter | undefined;
  /** A session stored by an earlier process, to be resumed. */
  readonly session?: StoredSession | undefined;
  readonly shard?: readonly [id: number, count: number] | undefined;
  /** Default `zstd-stream`. */
  readonly compression?: Compression | undefined;
  readonly timing?: Partial<SessionTiming> | undefined;
  readonly identifyQueue?: IdentifyQueue | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: (() => number) | undefined;
  readonly openSocket?: OpenSocket | undefined;
}

/** What to keep so that another process can resume. */
export interface StoredSession {
  readonly id: string;
  readonly resumeUrl: string;
  readonly seq: number;
}

export type GatewayEvent =
  | SessionEvent
  /** The server does not speak the compression asked for, or this Node lacks it: the next connection asks for `to`. */
  | { readonly type: "compressionChanged"; readonly from: Compression; readonly to: Compression }
  /** The consumer threw: the client has stopped, its session can be resumed from what was stored. */
  | { readonly type: "consumerFailed"; readonly error: unknown };
