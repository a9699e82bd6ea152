/** What /health, /live, /ready and /metrics tell, gathered from the parts of the worker: pure. */
import type { GatewayStatus } from "@guildwire/gateway";
import type { MemoryFacts } from "@guildwire/runtime";
import type { GuildState } from "../guild/state.ts";
import { oldestAgeS } from "../outbox-bounds.ts";
import type { OutboxDepth } from "../store/outbox-table.ts";
import { connectionState } from "./connection-state.ts";
import type { HealthReport } from "./health-server.ts";
import { stuckPart } from "./stuck.ts";
import type { VitalSigns } from "./vital-signs.ts";

/** A receiver that has refused this many attempts in a row is not taking what is sent. */
const DELIVERY_FAILURES_READY_MAX = 3;

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
  readonly depth: OutboxDepth;
  readonly parked: number;
  readonly deliveryFailures: number;
  readonly postSinceMs: number | null;
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
  const { waiting, bytes, oldestTimestamp } = facts.depth;
  const { signs, postSinceMs, monotonicMs } = facts;
  const { lastTurnAtMs, gatewayDueAtMs } = signs;
  const state = connectionState(facts.gateway.state, facts.wasReady);
  const ageS = oldestAgeS(oldestTimestamp, facts.nowMs);
  const secondsSince = (atMs: number | null) =>
    atMs === null ? null : Math.max(0, Math.round((monotonicMs - atMs) / 1000));
  return {
    state,
    stuck: stuckPart({ lastTurnAtMs, gatewayDueAtMs, postSinceMs }, monotonicMs),
    ready:
      state === "CONNECTED" && status === "available" && facts.deliveryFailures < DELIVERY_FAILURES_READY_MAX,
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
        parked: facts.parked,
      },
      delivery: {
        failuresInARow: facts.deliveryFailures,
        lastAnswerMs: signs.lastAnswerMs,
        lastLagMs: signs.lastLagMs,
      },
      memory: facts.memory,
      loop: { delayMs: Math.round(signs.loopDelayMs), delayMsMax: Math.round(signs.loopDelayMsMax) },
    },
  };
}
