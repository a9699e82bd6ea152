/**
 * What goes wrong, as plain data: set from code (`sim.setFaults`) or over the control port. Faults stay until they
 * are changed; what is to happen once, now, to live connections is an act (act.ts).
 */

/** `true` = every time, a number = that many times more, `false` and 0 = never. */
export type Occasions = boolean | number;

export interface Faults {
  /** The WebSocket upgrade is answered with HTTP 503. */
  readonly refuseUpgrade: Occasions;
  /** The same on the resume URL alone; the main one works. */
  readonly resumeUrlRefused: Occasions;
  /** The 101 answer and Hello travel in one TCP segment: a client that listens too late misses Hello. */
  readonly helloWithUpgrade: Occasions;
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
  /** Live dispatches get their sequence and are not sent. They are kept: a Resume from before brings them. */
  readonly loseDispatches: Occasions;
  /** So many sequence numbers are left out before each dispatch. */
  readonly seqJump: number;
  /** An undecodable frame goes before the next frame. It spoils a compressed stream for good. */
  readonly garbage: Occasions;
  /**
   * zlib-stream messages are cut in two WebSocket messages, others in two WebSocket fragments. The place of the cut
   * moves on by a byte each time, so that every place comes up.
   */
  readonly splitFrames: Occasions;
  /** Everything the Gateway sends is late by this much, in order. */
  readonly latencyMs: number;
  /** What the Gateway sends goes out in TCP segments of at most so many bytes, 0 = as they come. */
  readonly tcpChunkBytes: number;
  /** The Gateway's connections carry at most so many bytes a second towards the client, 0 = no limit. */
  readonly throttleBytesPerSecond: number;
  /** HTTP status that answers every REST call. */
  readonly restStatus: number | null;
  readonly restDelayMs: number;
  /** A REST call is answered 502 in HTML, by what stands before Discord; nothing has been done. */
  readonly restBadGateway: Occasions;
  /** A REST call is carried out, and the connection is destroyed instead of the answer. */
  readonly restLoseAnswers: Occasions;
  /** A REST call is carried out, and neither answered nor broken off: only the client's own timeout ends it. */
  readonly restHoldAnswers: Occasions;
  /** A REST call is carried out and answered with `restFailAfterStatus`. */
  readonly restFailAfter: Occasions;
  readonly restFailAfterStatus: number;
  /** All faults of REST strike this operation alone (by Discord's names, e.g. `create_message`). */
  readonly restOperation: string | null;
  /** A REST call is answered 429 with scope `user`, and a `retry_after` with decimals. */
  readonly restUserLimit: Occasions;
  /** A REST call is answered 429 in HTML and without limit headers, by what stands before Discord. */
  readonly restEdgeLimit: Occasions;
  /** A REST call is answered 429 with scope `shared`: calls remain in the bucket, and it is to wait all the same. */
  readonly restSharedLimit: Occasions;
  /** A REST call is answered 429 with scope `global`. */
  readonly restGlobalLimit: Occasions;
}

export const NO_FAULTS: Faults = {
  refuseUpgrade: false,
  resumeUrlRefused: false,
  helloWithUpgrade: false,
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
  loseDispatches: false,
  seqJump: 0,
  garbage: false,
  splitFrames: false,
  latencyMs: 0,
  tcpChunkBytes: 0,
  throttleBytesPerSecond: 0,
  restStatus: null,
  restDelayMs: 0,
  restBadGateway: false,
  restLoseAnswers: false,
  restHoldAnswers: false,
  restFailAfter: false,
  restFailAfterStatus: 500,
  restOperation: null,
  restUserLimit: false,
  restEdgeLimit: false,
  restSharedLimit: false,
  restGlobalLimit: false,
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
