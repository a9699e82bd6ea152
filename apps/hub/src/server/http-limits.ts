/**
 * What one client may cost the hub's port before anything is known of it. Each bound has a stated end: a slow request is
 * answered 408 and cut, a large head 431, a long address 414, a large body 413; one connection too many is cut unheard.
 */
export interface HttpLimits {
  /** From a connection's first moment to the end of its request's head; a connection that says nothing counts too. */
  readonly headMs: number;
  /** To the end of the body. A delivery of 1 MiB needs 35 KB a second. */
  readonly requestMs: number;
  /** A connection kept for another request; longer than proxies in front keep theirs, so that they close first. */
  readonly idleMs: number;
  /** An answer of which the client reads nothing. Event streams and polls say something more often. */
  readonly stalledMs: number;
  /** How often the first two are looked at: by so much later they may strike. */
  readonly lookEveryMs: number;
  readonly headBytesMax: number;
  readonly headersMax: number;
  readonly addressCharactersMax: number;
  /** Of all kinds, browsers' sockets among them. */
  readonly connectionsMax: number;
  /** Of one address, where connections come from visitors and not from a proxy; `Infinity` elsewhere. */
  readonly connectionsPerAddressMax: number;
}

/** Connections besides browsers' sockets: pages, files, probes, deliveries. */
const OTHERS_MAX = 2_000;
const OTHERS_PER_ADDRESS_MAX = 64;

export interface SocketLimits {
  readonly connectionsMax: number;
  readonly perAddressMax: number;
  /** Long polls and event streams. */
  readonly heldPerAddressMax: number;
  readonly trustedProxies: number;
}

export function httpLimits({
  connectionsMax,
  perAddressMax,
  heldPerAddressMax,
  trustedProxies,
}: SocketLimits): HttpLimits {
  return {
    headMs: 10_000,
    requestMs: 30_000,
    idleMs: 65_000,
    stalledMs: 120_000,
    lookEveryMs: 1_000,
    headBytesMax: 16_384,
    headersMax: 100,
    addressCharactersMax: 8_192,
    connectionsMax: connectionsMax + OTHERS_MAX,
    connectionsPerAddressMax:
      trustedProxies > 0
        ? Number.POSITIVE_INFINITY
        : perAddressMax + heldPerAddressMax + OTHERS_PER_ADDRESS_MAX,
  };
}
