/** What a frame from Discord does to the session. Frames of an earlier connection never get here. */
import type { Ready } from "@guildwire/discord-wire";
import { unreachable } from "./assert.ts";
import { OUR_CLOSE_CODE } from "./close-policy.ts";
import type { SessionEffect } from "./effect.ts";
import { acknowledged, beginHeartbeat, requestedBeat } from "./heartbeat.ts";
import type { IncomingFrame, Stamp } from "./input.ts";
import { lose } from "./loss.ts";
import { recordSend } from "./send-budget.ts";
import type { Session, SessionState } from "./state.ts";
import type { SessionTiming } from "./timing.ts";
import { next, type Transition } from "./transition.ts";

type Connected = Exclude<SessionState, { name: "stopped" | "disconnected" }>;

export function receive(
  state: Connected,
  frame: IncomingFrame,
  timing: SessionTiming,
  stamp: Stamp,
): Transition {
  switch (frame.kind) {
    case "hello":
      return onHello(state, frame.heartbeatIntervalMs, timing, stamp);
    case "heartbeatRequest":
      return "heartbeat" in state ? requestedBeat(state, stamp) : next(state);
    case "heartbeatAck":
      return "heartbeat" in state ? acknowledged(state, stamp) : next(state);
    case "reconnect":
      // May come at any time, even instead of Hello.
      return lose(
        state,
        {
          cause: "reconnect_requested",
          verdict: { action: "resume" },
          close: { code: OUR_CLOSE_CODE.Resumable, how: "close" },
        },
        timing,
        stamp,
      );
    case "invalidSession":
      return lose(
        state,
        {
          cause: "session_invalidated",
          verdict: frame.resumable
            ? { action: "resume" }
            : { action: "identify", reason: "Discord invalidated the session" },
          close: { code: OUR_CLOSE_CODE.Resumable, how: "close" },
        },
        timing,
        stamp,
      );
    case "ready":
      return onReady(state, frame.seq, frame.ready, timing);
    case "resumed":
      return onResumed(state, frame.seq, timing);
    case "dispatch":
      return onDispatch(state, frame.seq, timing);
    case "passedOver":
      return onPassedOver(state, frame, timing);
    case "unknown":
      return next(state, { type: "emit", event: { type: "frameIgnored", op: frame.op } });
    case "malformed":
      return lose(
        state,
        {
          cause: "malformed_frame",
          detail: frame.problem,
          verdict: { action: "resume" },
          close: { code: OUR_CLOSE_CODE.MalformedFrame, how: "close" },
        },
        timing,
        stamp,
      );
    default:
      return unreachable(frame);
  }
}

function onHello(state: Connected, intervalMs: number, timing: SessionTiming, stamp: Stamp): Transition {
  if (state.name !== "awaitingHello") return next(state);
  const { connection, failures, plan } = state;
  const { link, effects } = beginHeartbeat(connection, intervalMs, stamp.roll);
  if (plan.kind === "identify") {
    return next(
      { name: "awaitingIdentifyTurn", connection, failures, ...link },
      { type: "cancelTimer", timer: "hello" },
      ...effects,
      { type: "requestIdentifyTurn", connection },
    );
  }
  const { session, route } = plan;
  const budget = recordSend(link.budget, stamp.atMs);
  return next(
    { name: "resuming", connection, failures, ...link, budget, session, route, replayed: 0 },
    { type: "cancelTimer", timer: "hello" },
    ...effects,
    { type: "send", payload: { kind: "resume", sessionId: session.id, seq: session.storedSeq } },
    { type: "startTimer", timer: "resumed", afterMs: timing.resumedTimeoutMs },
  );
}

function onReady(state: Connected, seq: number, ready: Ready, timing: SessionTiming): Transition {
  if (state.name !== "identifying") return next(state);
  const { connection, failures, heartbeat, budget } = state;
  const session: Session = {
    id: ready.sessionId,
    resumeUrl: ready.resumeGatewayUrl,
    receivedSeq: seq,
    storedSeq: 0,
  };
  return next(
    { name: "ready", connection, failures, heartbeat, budget, session },
    { type: "cancelTimer", timer: "ready" },
    { type: "startTimer", timer: "stable", afterMs: timing.stableAfterMs },
    { type: "emit", event: { type: "ready", connection, sessionId: session.id } },
    { type: "deliver", seq },
  );
}

function onResumed(state: Connected, seq: number, timing: SessionTiming): Transition {
  if (state.name !== "resuming") return onDispatch(state, seq, timing);
  const { connection, failures, heartbeat, budget, replayed } = state;
  const fresh = seq > state.session.receivedSeq;
  const session = fresh ? { ...state.session, receivedSeq: seq } : state.session;
  return next(
    { name: "ready", connection, failures, heartbeat, budget, session },
    { type: "cancelTimer", timer: "resumed" },
    { type: "startTimer", timer: "stable", afterMs: timing.stableAfterMs },
    { type: "emit", event: { type: "resumed", connection, sessionId: session.id, replayed } },
    ...(fresh ? [{ type: "deliver", seq } as const] : []),
  );
}

function onDispatch(
  state: Connected,
  seq: number,
  timing: SessionTiming,
): Transition & { readonly state: Connected } {
  if (state.name !== "ready" && state.name !== "resuming") return next(state);
  const { session } = state;
  // What arrives while resuming proves that the replay is alive, repeats included.
  const alive =
    state.name === "resuming"
      ? [{ type: "startTimer", timer: "resumed", afterMs: timing.resumedTimeoutMs } as const]
      : [];
  const counted = state.name === "resuming" ? { ...state, replayed: state.replayed + 1 } : state;
  if (seq <= session.receivedSeq) {
    return next(counted, ...alive, { type: "emit", event: { type: "repeatDropped", seq } });
  }
  const gap =
    seq > session.receivedSeq + 1
      ? [{ type: "emit", event: { type: "sequenceGap", from: session.receivedSeq, to: seq } } as const]
      : [];
  return next({ ...counted, session: { ...session, receivedSeq: seq } }, ...alive, ...gap, {
    type: "deliver",
    seq,
  });
}

/** As if each came by itself; in one step where that is all the same, because most of what a large bot gets is this. */
function onPassedOver(
  state: Connected,
  { firstSeq, lastSeq }: Extract<IncomingFrame, { kind: "passedOver" }>,
  timing: SessionTiming,
): Transition {
  if (state.name === "ready" && firstSeq === state.session.receivedSeq + 1) {
    const session = { ...state.session, receivedSeq: lastSeq };
    return next({ ...state, session }, { type: "deliver", seq: lastSeq });
  }
  const effects: SessionEffect[] = [];
  let now = state;
  for (let seq = firstSeq; seq <= lastSeq; seq += 1) {
    const transition = onDispatch(now, seq, timing);
    effects.push(...transition.effects);
    now = transition.state;
  }
  return next(now, ...effects);
}
