/** How a client comes back, and when it must not. */
import { GatewayOpcode } from "@guildwire/discord-wire";
import type { SessionTiming } from "../../../src/index.ts";
import { type Check, type Observation, Violation } from "../observation.ts";

/** The shortest wait that chance may make of a back-off, rounded away from us. */
const ROUNDING_MS = 1;
/** However soon Discord says that there are Identifies again. */
const SPENT_WAIT_MS = 5_000;

type Lost = Extract<Extract<Observation, { type: "event" }>["event"], { type: "connectionLost" }>;

/** Each dial after a loss waits for the back-off of as many losses as there were since a session last lasted. */
export function dialsAreBackedOff(timing: SessionTiming): Check {
  const lives = new Map<number, { losses: number; notBeforeMs: number }>();
  return {
    see(observation) {
      if (observation.type === "born") lives.set(observation.life, { losses: 0, notBeforeMs: 0 });
      if (observation.type !== "event" && observation.type !== "dialled") return;
      const life = lives.get(observation.life);
      if (life === undefined) throw new Violation("only a living process acts", observation.type);
      if (observation.type === "dialled") {
        if (observation.atMs >= life.notBeforeMs) return;
        throw new Violation(
          "dials are backed off",
          `${life.notBeforeMs - observation.atMs} ms early after ${life.losses} losses`,
        );
      }
      if (observation.event.type === "stable") life.losses = 0;
      if (observation.event.type === "connectionLost") {
        const before = life.losses;
        if (observation.event.cause !== "identify_budget_spent") life.losses += 1;
        life.notBeforeMs = observation.atMs + leastWaitMs(timing, observation.event, before) - ROUNDING_MS;
      }
    },
  };
}

/** The table of SPEC.md, "Back-off", with chance at its shortest. */
function leastWaitMs(timing: SessionTiming, lost: Lost, lossesBefore: number): number {
  const leastMs = (losses: number): number => {
    const place = Math.min(losses, timing.backoffMs.length) - 1;
    return (timing.backoffMs[place] ?? 0) * (1 - timing.backoffJitter);
  };
  const backoffMs = leastMs(lossesBefore + 1);
  switch (lost.cause) {
    case "identify_budget_spent":
      return Math.max(lost.retryInMs, SPENT_WAIT_MS);
    case "reconnect_requested":
      // Asked to by a connection that was fine: the one case without a wait.
      return lost.during === "ready" && lossesBefore === 0 ? 0 : backoffMs;
    case "resumed_timeout":
      // The deadline that has passed counts towards the wait.
      return Math.max(leastMs(1), backoffMs - timing.resumedTimeoutMs);
    default:
      return backoffMs;
  }
}

/** I5: after its end (asked for, fatal or spent) a process dials nothing and sends nothing. */
export function endIsTheEnd(): Check {
  const ended = new Set<number>();
  return {
    see(observation) {
      if (observation.type === "event" && observation.event.type === "stopped") ended.add(observation.life);
      if (observation.type !== "dialled" && observation.type !== "sent") return;
      if (ended.has(observation.life)) {
        throw new Violation("nothing follows the end", `${observation.type} by life ${observation.life}`);
      }
    },
  };
}

/** A session that Discord has called invalid is not resumed again by the process that was told. */
export function invalidSessionsStayDead(): Check {
  const resuming = new Map<number, string>();
  const left = new Set<number>();
  const dead = new Set<string>();
  return {
    see(observation) {
      if (observation.type === "closed") left.add(observation.link);
      if (observation.type === "heard") {
        if (observation.session !== null) resuming.set(observation.link, observation.session);
        const session = resuming.get(observation.link);
        // What still arrives on a connection that was given up is not listened to.
        if (observation.resumable === false && session !== undefined && !left.has(observation.link)) {
          dead.add(`${observation.life}/${session}`);
        }
      }
      if (observation.type === "sent" && observation.op === GatewayOpcode.Resume) {
        const { session_id: session } = observation.d as { readonly session_id: string };
        resuming.set(observation.link, session);
        if (dead.has(`${observation.life}/${session}`)) {
          throw new Violation("an invalid session stays dead", session);
        }
      }
    },
  };
}
