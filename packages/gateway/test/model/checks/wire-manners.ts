/** What the client may never do on the wire, whatever happens to it. */
import { GatewayOpcode } from "@guildwire/discord-wire";
import { type Check, type Observation, Violation } from "../observation.ts";

/** I1: nothing is sent before Hello was heard on that connection. */
export function nothingBeforeHello(): Check {
  const greeted = new Set<number>();
  return {
    see(observation) {
      if (observation.type === "heard" && observation.op === GatewayOpcode.Hello)
        greeted.add(observation.link);
      if (observation.type === "sent" && !greeted.has(observation.link)) {
        throw new Violation(
          "nothing is sent before Hello",
          `op ${observation.op} on link ${observation.link}`,
        );
      }
    },
  };
}

const IDENTIFY_WINDOW_MS = 5_000;

/** Never two Identifies of one process within 5 s for the same key. */
export function identifiesKeepTheirDistance(): Check {
  const lastAtMs = new Map<number, number>();
  return {
    see(observation) {
      if (observation.type !== "sent" || observation.op !== GatewayOpcode.Identify) return;
      const gapMs = observation.atMs - (lastAtMs.get(observation.life) ?? Number.NEGATIVE_INFINITY);
      lastAtMs.set(observation.life, observation.atMs);
      if (gapMs < IDENTIFY_WINDOW_MS) {
        throw new Violation("Identifies keep 5 s between them", `${gapMs} ms`);
      }
    },
  };
}

const WINDOW_MS = 60_000;
const FRAMES_MAX = 120;

/** At most 120 frames in any 60 s of a connection. */
export function sendsStayWithinBudget(): Check {
  const sentAtMs = new Map<number, number[]>();
  return {
    see(observation) {
      if (observation.type === "closed") sentAtMs.delete(observation.link);
      if (observation.type !== "sent") return;
      const times = (sentAtMs.get(observation.link) ?? []).filter((ms) => ms > observation.atMs - WINDOW_MS);
      times.push(observation.atMs);
      sentAtMs.set(observation.link, times);
      if (times.length > FRAMES_MAX) {
        throw new Violation("at most 120 frames in 60 s", `${times.length} on link ${observation.link}`);
      }
    },
  };
}

/** Heartbeats and Resumes claim what was stored, and never less than they claimed before. */
export function claimsAreStored(): Check {
  const stored = new Map<string, number>();
  const claimed = new Map<string, number>();
  const sessionOnLink = new Map<number, string>();
  return {
    see(observation) {
      switch (observation.type) {
        case "born":
          if (observation.session !== null) {
            stored.set(observation.session, observation.seq);
            claimed.delete(observation.session);
          }
          return;
        case "confirmed":
          stored.set(observation.session, Math.max(observation.seq, stored.get(observation.session) ?? 0));
          return;
        case "heard":
          if (observation.session !== null) sessionOnLink.set(observation.link, observation.session);
          return;
        case "sent":
          seeClaim(observation);
          return;
        default:
      }
    },
  };

  function seeClaim(sent: Extract<Observation, { type: "sent" }>): void {
    if (sent.op === GatewayOpcode.Resume) {
      const { session_id: session, seq } = sent.d as { readonly session_id: string; readonly seq: number };
      sessionOnLink.set(sent.link, session);
      if (seq < 1) throw new Violation("a Resume claims something stored", `seq ${seq}`);
      checkClaim(session, seq);
    }
    if (sent.op === GatewayOpcode.Heartbeat && sent.d !== null) {
      const session = sessionOnLink.get(sent.link);
      if (session === undefined) throw new Violation("a claim has a session", `seq ${sent.d}`);
      checkClaim(session, sent.d as number);
    }
  }

  function checkClaim(session: string, seq: number): void {
    const bound = stored.get(session) ?? 0;
    if (seq > bound) throw new Violation("only what is stored is claimed", `${seq} of ${bound}`);
    const before = claimed.get(session) ?? 0;
    if (seq < before) throw new Violation("claims never go back", `${seq} after ${before}`);
    claimed.set(session, seq);
  }
}
