/**
 * What goes wrong, as plain data: set from code (`sim.setFaults`) or over the control port. Faults stay until they
 * are changed; what is to happen once, now, to live connections is an act (act.ts).
 */

/** `true` = every time, a number = that many times more, `false` and 0 = never. */
export type Occasions = boolean | number;

export interface Faults {
  /** The WebSocket upgrade is answered with HTTP 503. */
  readonly refuseUpgrade: Occasions;
  /** The socket opens and nothing follows. */
  readonly noHello: Occasions;
  readonly helloDelayMs: number;
  /** Op 7 arrives where Hello should. */
  readonly op7InsteadOfHello: Occasions;
  /** Heartbeats are read and not acknowledged. */
  readonly withholdAck: Occasions;
  /** Identify is answered with nothing at all. */
  readonly neverAnswerIdentify: Occasions;
  /** Identify is answered with op 9 `false`. */
  readonly refuseIdentify: Occasions;
  /** Close code that answers Identify. */
  readonly closeOnIdentify: number | null;
  /** Close code that follows READY at once, before GUILD_CREATE: a connection that flaps. */
  readonly closeAfterReady: number | null;
  /** Resume drops the TCP connection. */
  readonly dropResume: Occasions;
  /** Resume is answered with nothing at all. */
  readonly neverAnswerResume: Occasions;
  /** Resume is answered with op 9 `false`, and the session is gone. */
  readonly refuseResume: Occasions;
  /** Live dispatches are sent twice with the same sequence. */
  readonly duplicateDispatches: Occasions;
  /** An undecodable frame goes before the next frame. It spoils a compressed stream for good. */
  readonly garbage: Occasions;
  /** zlib-stream messages are cut in two WebSocket messages, others in two WebSocket fragments. */
  readonly splitFrames: Occasions;
  /** Everything the Gateway sends is late by this much, in order. */
  readonly latencyMs: number;
  /** HTTP status that answers every REST call. */
  readonly restStatus: number | null;
  readonly restDelayMs: number;
}

export const NO_FAULTS: Faults = {
  refuseUpgrade: false,
  noHello: false,
  helloDelayMs: 0,
  op7InsteadOfHello: false,
  withholdAck: false,
  neverAnswerIdentify: false,
  refuseIdentify: false,
  closeOnIdentify: null,
  closeAfterReady: null,
  dropResume: false,
  neverAnswerResume: false,
  refuseResume: false,
  duplicateDispatches: false,
  garbage: false,
  splitFrames: false,
  latencyMs: 0,
  restStatus: null,
  restDelayMs: 0,
};

export type OccasionalFault = {
  [Name in keyof Faults]: Faults[Name] extends Occasions
    ? Occasions extends Faults[Name]
      ? Name
      : never
    : never;
}[keyof Faults];

/** Asks whether a fault strikes now, and counts it down when it has a number of times left. */
export function strike(
  faults: Faults,
  name: OccasionalFault,
): { readonly strikes: boolean; readonly faults: Faults } {
  const occasions = faults[name];
  if (typeof occasions === "boolean") return { strikes: occasions, faults };
  if (occasions <= 0) return { strikes: false, faults };
  return { strikes: true, faults: { ...faults, [name]: occasions - 1 } };
}
