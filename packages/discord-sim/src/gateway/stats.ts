/** Counters for tests and for the curious. They only grow, but for `connections` and `sessions`, which are gauges. */
export interface GatewayStats {
  /** Open now. */
  connections: number;
  /** Sessions that are live or can still be resumed. */
  sessions: number;
  connectionsOpened: number;
  identifies: number;
  /** Identifies answered with op 9: sent too fast, or by a fault. */
  identifiesRefused: number;
  /** Identifies on the resume URL: a client that forgot to go back to the main one. */
  identifiesOnResumeUrl: number;
  resumes: number;
  resumesRefused: number;
  /** Resumes on the main URL: a client that ignores `resume_gateway_url`. */
  resumesOnMainUrl: number;
  heartbeats: number;
  framesReceived: number;
  /** Frames that came before Hello had gone out. */
  framesBeforeHello: number;
  dispatchesSent: number;
  dispatchesReplayed: number;
  /** Close codes sent by the Gateway, with how often. */
  closes: Record<string, number>;
  /** Close codes sent by clients; `1006` stands for a drop. */
  clientCloses: Record<string, number>;
}

export function newStats(): GatewayStats {
  return {
    connections: 0,
    sessions: 0,
    connectionsOpened: 0,
    identifies: 0,
    identifiesRefused: 0,
    identifiesOnResumeUrl: 0,
    resumes: 0,
    resumesRefused: 0,
    resumesOnMainUrl: 0,
    heartbeats: 0,
    framesReceived: 0,
    framesBeforeHello: 0,
    dispatchesSent: 0,
    dispatchesReplayed: 0,
    closes: {},
    clientCloses: {},
  };
}

export function countCode(codes: Record<string, number>, code: number): void {
  codes[code] = (codes[code] ?? 0) + 1;
}
