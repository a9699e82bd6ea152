import { GatewayOpcode } from "@guildwire/discord-wire";
import { strike } from "../fault/faults.ts";
import type { Dispatch } from "../world/dispatch.ts";
import type { GatewayEffect } from "./gateway-effect.ts";
import type { GatewayState, Sequenced, Session } from "./gateway-state.ts";
import { type Origin, visibleTo } from "./visibility.ts";

/** How dispatches reach sessions: each session numbers for itself from 1, and keeps what it may have to replay. */

/** Sends to every session of the bot that may see it, connected or not. */
export function broadcast(
  state: GatewayState,
  dispatches: readonly Dispatch[],
  origin: Origin,
): readonly GatewayEffect[] {
  return [...state.sessions.values()].flatMap((session) =>
    dispatches.flatMap((dispatch) => {
      const visible = visibleTo(session, dispatch, origin);
      return visible === undefined ? [] : deliver(state, session, visible);
    }),
  );
}

/** Says something to one session. */
export function deliver(state: GatewayState, session: Session, dispatch: Dispatch): readonly GatewayEffect[] {
  const sequenced = remember(state, session, dispatch);
  if (session.place.kind === "detached") return [];
  if (isLost(state, dispatch)) return [];
  const send = sendDispatch(state, session.place.connection, sequenced);
  const { strikes, faults } = strike(state.faults, "duplicateDispatches");
  state.faults = faults;
  return strikes ? [send, sendDispatch(state, session.place.connection, sequenced)] : [send];
}

/** A lost dispatch has its number and can be replayed; the client can only tell by the gap. */
function isLost(state: GatewayState, dispatch: Dispatch): boolean {
  if (opensSession(dispatch)) return false;
  const { strikes, faults } = strike(state.faults, "loseDispatches");
  state.faults = faults;
  return strikes;
}

export function sendDispatch(state: GatewayState, connection: number, sequenced: Sequenced): GatewayEffect {
  state.stats.dispatchesSent += 1;
  const { s, dispatch } = sequenced;
  return { type: "send", connection, frame: { op: GatewayOpcode.Dispatch, d: dispatch.d, s, t: dispatch.t } };
}

/**
 * READY and RESUMED take a number and are not kept: a replay that held them would tell the client it has caught up
 * before it has.
 */
function remember(state: GatewayState, session: Session, dispatch: Dispatch): Sequenced {
  session.sequence += opensSession(dispatch) ? 1 : 1 + state.faults.seqJump;
  const sequenced = { s: session.sequence, dispatch };
  if (opensSession(dispatch)) return sequenced;
  session.replay.push(sequenced);
  if (session.replay.length > state.settings.replayEventsMax) {
    session.forgottenUpTo = session.replay.shift()?.s ?? session.forgottenUpTo;
  }
  return sequenced;
}

function opensSession(dispatch: Dispatch): boolean {
  return dispatch.t === "READY" || dispatch.t === "RESUMED";
}
