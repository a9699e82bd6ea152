/** What /health, /ready and /metrics tell, gathered from the parts of the worker: pure. */
import type { GatewayStatus } from "@guildwire/gateway";
import type { GuildState } from "../guild/state.ts";
import { oldestAgeS } from "../outbox-bounds.ts";
import type { OutboxDepth } from "../store/outbox-table.ts";
import { connectionState } from "./connection-state.ts";
import type { HealthReport } from "./health-server.ts";

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
  readonly uptimeMs: number;
  readonly nowMs: number;
}

export function healthReport(facts: HealthFacts): HealthReport {
  const { sessionId, heartbeatLatencyMs, connection } = facts.gateway;
  const { status, rooms, occupants } = facts.guild;
  const { waiting, bytes, oldestTimestamp } = facts.depth;
  const state = connectionState(facts.gateway.state, facts.wasReady);
  const ageS = oldestAgeS(oldestTimestamp, facts.nowMs);
  return {
    state,
    ready:
      state === "CONNECTED" && status === "available" && facts.deliveryFailures < DELIVERY_FAILURES_READY_MAX,
    details: {
      uptimeS: Math.round(facts.uptimeMs / 1000),
      gateway: { connection, session: sessionId !== null, heartbeatLatencyMs },
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
      delivery: { failuresInARow: facts.deliveryFailures },
    },
  };
}
