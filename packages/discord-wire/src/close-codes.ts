/**
 * Close codes the Gateway sends. What a client does about each of them is policy and lives with the session
 * machine (`@guildwire/gateway`, close-policy.ts).
 * Source: https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
 */
export const GatewayCloseCode = {
  UnknownError: 4000,
  UnknownOpcode: 4001,
  DecodeError: 4002,
  NotAuthenticated: 4003,
  AuthenticationFailed: 4004,
  AlreadyAuthenticated: 4005,
  InvalidSequence: 4007,
  RateLimited: 4008,
  SessionTimedOut: 4009,
  InvalidShard: 4010,
  ShardingRequired: 4011,
  InvalidApiVersion: 4012,
  InvalidIntents: 4013,
  DisallowedIntents: 4014,
} as const;

export type GatewayCloseCode = (typeof GatewayCloseCode)[keyof typeof GatewayCloseCode];

/** Codes of RFC 6455 that matter here. 1006 is never on the wire: it stands for "no Close frame was seen". */
export const WebSocketCloseCode = {
  Normal: 1000,
  GoingAway: 1001,
  Abnormal: 1006,
} as const;

/** The documented name of a close code, for logs: `4004` → `AuthenticationFailed`, an unknown one → `undefined`. */
export function closeCodeName(code: number): string | undefined {
  for (const [name, value] of Object.entries({ ...WebSocketCloseCode, ...GatewayCloseCode })) {
    if (value === code) return name;
  }
  return undefined;
}
