/**
 * Several shards of one bot in one process. Each is a client of its own; what they share is the queue that admits
 * their Identifies. Shards in other processes join by sharing a queue that coordinates (`identifyQueue`).
 * Source: https://discord.com/developers/docs/events/gateway#sharding
 */
import { type Snowflake, shardOfGuild } from "@guildwire/discord-wire";
import { systemClock } from "@guildwire/runtime/clock";
import type { DispatchBatch } from "./delivery-queue.ts";
import { GatewayClient } from "./gateway-client.ts";
import type { GatewayClientOptions, GatewayEvent, StoredSession } from "./gateway-client-options.ts";
import { createIdentifyQueue } from "./identify-queue.ts";

export interface ShardGroupOptions
  extends Omit<GatewayClientOptions, "shard" | "session" | "onDispatches" | "onEvent"> {
  /** Of the whole bot. `auto` takes what `GET /gateway/bot` recommends. */
  readonly shardCount: number | "auto";
  /** The ones this process runs; all of them by default. */
  readonly shardIds?: readonly number[];
  readonly sessionOf?: (shardId: number) => StoredSession | undefined;
  readonly onDispatches: (batch: DispatchBatch, shardId: number) => void | Promise<void>;
  readonly onEvent: (event: GatewayEvent, shardId: number) => void;
}

export type ShardGroupOutcome =
  | { readonly ok: true; readonly group: ShardGroup }
  /** `GET /gateway/bot` could not say how many shards there should be, or an id is not among them. */
  | { readonly ok: false; readonly problem: string };

export class ShardGroup {
  readonly shardCount: number;
  readonly #shards: ReadonlyMap<number, GatewayClient>;

  private constructor(shardCount: number, shards: ReadonlyMap<number, GatewayClient>) {
    this.shardCount = shardCount;
    this.#shards = shards;
  }

  static async create(options: ShardGroupOptions): Promise<ShardGroupOutcome> {
    const count = await countOf(options);
    if (typeof count === "string") return { ok: false, problem: count };
    const shardIds = options.shardIds ?? Array.from({ length: count }, (_, id) => id);
    const outside = shardIds.find((id) => !Number.isInteger(id) || id < 0 || id >= count);
    if (outside !== undefined)
      return { ok: false, problem: `shard ${outside} is not one of 0 to ${count - 1}` };
    const identifyQueue = options.identifyQueue ?? createIdentifyQueue(options.clock ?? systemClock);
    const shards = new Map(
      [...new Set(shardIds)].map((shardId) => [
        shardId,
        new GatewayClient({
          ...options,
          identifyQueue,
          shard: [shardId, count],
          session: options.sessionOf?.(shardId),
          onDispatches: (batch) => options.onDispatches(batch, shardId),
          onEvent: (event) => options.onEvent(event, shardId),
        }),
      ]),
    );
    return { ok: true, group: new ShardGroup(count, shards) };
  }

  start(): void {
    for (const shard of this.#shards.values()) shard.start();
  }

  async stop(how: { readonly keepSession: boolean }): Promise<void> {
    await Promise.all([...this.#shards.values()].map((shard) => shard.stop(how)));
  }

  get shardIds(): readonly number[] {
    return [...this.#shards.keys()];
  }

  shard(shardId: number): GatewayClient | undefined {
    return this.#shards.get(shardId);
  }

  /** The shard that hears of a guild; `undefined` when it runs elsewhere. */
  shardOf(guildId: Snowflake): GatewayClient | undefined {
    return this.#shards.get(shardOfGuild(guildId, this.shardCount));
  }
}

async function countOf(options: ShardGroupOptions): Promise<number | string> {
  if (options.shardCount !== "auto") {
    const valid = Number.isInteger(options.shardCount) && options.shardCount > 0;
    return valid ? options.shardCount : `shardCount must be a positive integer, not ${options.shardCount}`;
  }
  const outcome = await options.fetchGatewayBot();
  if (outcome.ok) return Math.max(1, outcome.value.shards);
  return outcome.reason.kind === "unreachable"
    ? `GET /gateway/bot: ${outcome.reason.detail}`
    : `GET /gateway/bot: ${outcome.reason.kind}`;
}
