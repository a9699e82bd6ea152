/** Why the hub closed a socket, and what a browser does about it. 41xx: come back; 44xx: stop unless noted. */
export const HubCloseCode = {
  /** A deploy: wait `after` + random(`spread`) of the `bye`, then resume. */
  Draining: 4100,
  TooSlow: 4101,
  Dead: 4102,
  /** Positions and tokens are void: drop them all and begin anew. */
  StateInvalidated: 4103,
  AuthorizationExpired: 4104,
  RateLimited: 4105,
  InternalError: 4106,
  Moved: 4107,
  MalformedFrame: 4400,
  TicketInvalid: 4401,
  Forbidden: 4403,
  /** No `auth` in time: come back with back-off. */
  AuthTimeout: 4408,
  TooManyConnections: 4409,
  FrameTooLarge: 4413,
  VersionNotSpoken: 4426,
} as const;

export type HubCloseCode = (typeof HubCloseCode)[keyof typeof HubCloseCode];
