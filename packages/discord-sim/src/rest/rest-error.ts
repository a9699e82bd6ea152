import type { RestAnswer } from "./rest-answer.ts";

/** Discord's errors, as HTTP status, JSON code and message. */
export const RestError = {
  Unauthorized: { status: 401, code: 0, message: "401: Unauthorized" },
  NotFound: { status: 404, code: 0, message: "404: Not Found" },
  MethodNotAllowed: { status: 405, code: 0, message: "405: Method Not Allowed" },
  UnknownChannel: { status: 404, code: 10_003, message: "Unknown Channel" },
  UnknownGuild: { status: 404, code: 10_004, message: "Unknown Guild" },
  UnknownMember: { status: 404, code: 10_007, message: "Unknown Member" },
  UnknownMessage: { status: 404, code: 10_008, message: "Unknown Message" },
  UnknownUser: { status: 404, code: 10_013, message: "Unknown User" },
  UnknownEmoji: { status: 400, code: 10_014, message: "Unknown Emoji" },
  UnknownVoiceState: { status: 404, code: 10_065, message: "Unknown Voice State" },
  TooManyReactions: { status: 400, code: 30_010, message: "Maximum number of reactions reached (20)" },
  NotInVoice: { status: 400, code: 40_032, message: "Target user is not connected to voice." },
  /** What stands before Discord's API turns away who does not say who they are. */
  BlockedUserAgent: { status: 403, code: 40_333, message: "internal network error" },
  MissingAccess: { status: 403, code: 50_001, message: "Missing Access" },
  DirectOnly: { status: 403, code: 50_003, message: "Cannot execute action on a DM channel" },
  NotTheAuthor: { status: 403, code: 50_005, message: "Cannot edit a message authored by another user" },
  EmptyMessage: { status: 400, code: 50_006, message: "Cannot send an empty message" },
  CannotDirect: { status: 403, code: 50_007, message: "Cannot send messages to this user" },
  NotATextChannel: { status: 400, code: 50_008, message: "Cannot send messages in a non-text channel" },
  MissingPermissions: { status: 403, code: 50_013, message: "Missing Permissions" },
  WrongChannelType: { status: 400, code: 50_024, message: "Cannot execute action on this channel type" },
  BulkDelete: {
    status: 400,
    code: 50_034,
    message: "You can only bulk delete messages that are under 14 days old.",
  },
  InvalidForm: { status: 400, code: 50_035, message: "Invalid Form Body" },
  InvalidVersion: { status: 400, code: 50_041, message: "Invalid API version provided." },
  InvalidJson: { status: 400, code: 50_109, message: "The request body contains invalid JSON." },
  /** By the fault `restStatus`. */
  General: { status: 500, code: 0, message: "500: Internal Server Error" },
} as const satisfies Record<string, { status: number; code: number; message: string }>;

export type RestErrorName = keyof typeof RestError;

export function failure(name: RestErrorName): RestAnswer {
  const { status, code, message } = RestError[name];
  return { status, headers: {}, body: { message, code } };
}

/** What is wrong with one field of a body, in Discord's words. */
export interface FormProblem {
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

/** 50035 with `errors`, which nests by the field's name. */
export function invalidForm(problems: readonly FormProblem[]): RestAnswer {
  const { status, code, message } = RestError.InvalidForm;
  const errors = Object.fromEntries(
    problems.map((problem) => [
      problem.field,
      { _errors: [{ code: problem.code, message: problem.message }] },
    ]),
  );
  return { status, headers: {}, body: { message, code, errors } };
}
