import type { RestAnswer } from "./rest-answer.ts";

/** Discord's errors, as HTTP status, JSON code and message. */
export const RestError = {
  Unauthorized: { status: 401, code: 0, message: "401: Unauthorized" },
  NotFound: { status: 404, code: 0, message: "404: Not Found" },
  MethodNotAllowed: { status: 405, code: 0, message: "405: Method Not Allowed" },
  UnknownGuild: { status: 404, code: 10_004, message: "Unknown Guild" },
  UnknownMember: { status: 404, code: 10_007, message: "Unknown Member" },
  UnknownVoiceState: { status: 404, code: 10_065, message: "Unknown Voice State" },
  /** What stands before Discord's API turns away who does not say who they are. */
  BlockedUserAgent: { status: 403, code: 40_333, message: "internal network error" },
  InvalidVersion: { status: 400, code: 50_041, message: "Invalid API version provided." },
  /** By the fault `restStatus`. */
  General: { status: 500, code: 0, message: "500: Internal Server Error" },
} as const satisfies Record<string, { status: number; code: number; message: string }>;

type RestErrorName = keyof typeof RestError;

export function failure(name: RestErrorName): RestAnswer {
  const { status, code, message } = RestError[name];
  return { status, headers: {}, body: { message, code } };
}
