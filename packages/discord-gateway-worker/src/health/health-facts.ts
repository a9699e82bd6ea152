/** What /health, /live, /ready and /metrics tell, gathered from the parts of the worker: pure. */
import { type OutboxDepth, oldestAgeS } from "@guildwire/delivery";
import type { GatewayStatus } from "@guildwire/gateway";
import type { MemoryFacts } from "@guildwire/runtime";
import type { GuildState } from "../guild/state.ts";
import { connectionState } from "./connection-state.ts";
import type { HealthReport } from "./health-server.ts";
import { stuckPart } from "./stuck.ts";
import type { VitalSigns } from "./vital-signs.ts";

/** A receiver that has refused this many attempts in a row is not taking what is sent. */
const DELIVERY_FAILURES_READY_MAX = 3;

export interface ReceiverFacts {
  readonly name: string;
  readonly form: "single" | "multi";
  /** It acknowledged what was never sent, and gets nothing more. */
  readonly stopped: boolean;
  readonly depth: OutboxDepth;
  readonly parked: number;
  /** Attempts in a row that did not help. */
  readonly failures: number;
  readonly postSinceMs: number | null;
}

export interface HealthFacts {
  readonly guildId: string;
  readonly gateway: GatewayStatus;
  /** This process has been connected before. */
  readonly wasReady: boolean;
  /** `null` until Discord has said so. */
  readonly inGuild: boolean | null;
  readonly guild: Pick<GuildState, "status" | "rooms" | "occupants">;
  readonly epoch: string;
  readonly lastSeq: number;
  /** At least one. */
  readonly receivers: readonly ReceiverFacts[];
  readonly signs: VitalSigns;
  readonly memory: MemoryFacts;
  readonly build: { readonly version: string; readonly commit: string | null };
  readonly uptimeMs: number;
  /** Unix ms, for the age of what waits. */
  readonly nowMs: number;
  /** Monotonic, for the signs. */
  readonly monotonicMs: number;
}

export function healthReport(facts: HealthFacts): HealthReport {
  const { sessionId, heartbeatLatencyMs, connection } = facts.gateway;
  const { status, rooms, occupants } = facts.guild;
  const { signs, monotonicMs, receivers } = facts;
  const worst = receivers.toSorted((a, b) => b.depth.waiting - a.depth.waiting || b.failures - a.failures)[0];
  const { waiting = 0, bytes = 0, oldestTimestamp = null } = worst?.depth ?? {};
  const posts = receivers.flatMap(({ postSinceMs }) => postSinceMs ?? []);
  const postSinceMs = posts.length === 0 ? null : Math.min(...posts);
  const { lastTurnAtMs, gatewayDueAtMs } = signs;
  const state = connectionState(facts.gateway.state, facts.wasReady);
  const ageS = oldestAgeS(oldestTimestamp, facts.nowMs);
  const secondsSince = (atMs: number | null) =>
    atMs === null ? null : Math.max(0, Math.round((monotonicMs - atMs) / 1000));
  return {
    state,
    stuck: stuckPart({ lastTurnAtMs, gatewayDueAtMs, postSinceMs }, monotonicMs),
    ready:
      state === "CONNECTED" &&
      status === "available" &&
      receivers.every(({ failures, stopped }) => !stopped && failures < DELIVERY_FAILURES_READY_MAX),
    details: {
      stateS: secondsSince(signs.state === state ? signs.stateSinceMs : monotonicMs),
      uptimeS: Math.round(facts.uptimeMs / 1000),
      ...facts.build,
      gateway: {
        connection,
        session: sessionId !== null,
        sessionS: secondsSince(signs.sessionSinceMs),
        shard: "0 of 1",
        heartbeatLatencyMs,
        lastDispatchS: secondsSince(signs.lastDispatchAtMs),
        losses: signs.losses,
      },
      guild: {
        id: facts.guildId,
        inGuild: facts.inGuild,
        status,
        rooms: rooms.size,
        occupants: occupants.size,
      },
      outbox: {
        epoch: facts.epoch,
        lastSeq: facts.lastSeq,
        waiting,
        bytes,
        oldest: oldestTimestamp,
        oldestAgeS: ageS === null ? null : Math.round(ageS),
        parked: receivers.reduce((sum, { parked }) => sum + parked, 0),
      },
      receivers: Object.fromEntries(
        receivers.map(({ name, form, stopped, depth, parked, failures }) => {
          const age = oldestAgeS(depth.oldestTimestamp, facts.nowMs);
          const oldest = age === null ? null : Math.round(age);
          return [
            name,
            { form, stopped, waiting: depth.waiting, oldestAgeS: oldest, parked, failuresInARow: failures },
          ];
        }),
      ),
      delivery: {
        failuresInARow: Math.max(0, ...receivers.map(({ failures }) => failures)),
        lastAnswerMs: signs.lastAnswerMs,
        lastLagMs: signs.lastLagMs,
      },
      memory: facts.memory,
      loop: { delayMs: Math.round(signs.loopDelayMs), delayMsMax: Math.round(signs.loopDelayMsMax) },
    },
  };
}
