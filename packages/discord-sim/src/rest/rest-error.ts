import type { RestAnswer } from "./rest-answer.ts";

/** Discord's errors, as HTTP status, JSON code and message. */
export const RestError = {
  Unauthorized: { status: 401, code: 0, message: "401: Unauthorized" },
  NotFound: { status: 404, code: 0, message: "404: Not Found" },
  MethodNotAllowed: { status: 405, code: 0, message: "405: Method Not Allowed" },
  UnknownApplication: { status: 404, code: 10_002, message: "Unknown Application" },
  UnknownChannel: { status: 404, code: 10_003, message: "Unknown Channel" },
  UnknownGuild: { status: 404, code: 10_004, message: "Unknown Guild" },
  UnknownInvite: { status: 404, code: 10_006, message: "Unknown Invite" },
  UnknownMember: { status: 404, code: 10_007, message: "Unknown Member" },
  UnknownMessage: { status: 404, code: 10_008, message: "Unknown Message" },
  UnknownOverwrite: { status: 404, code: 10_009, message: "Unknown permission overwrite" },
  UnknownRole: { status: 404, code: 10_011, message: "Unknown Role" },
  UnknownUser: { status: 404, code: 10_013, message: "Unknown User" },
  UnknownEmoji: { status: 400, code: 10_014, message: "Unknown Emoji" },
  UnknownGuildEmoji: { status: 404, code: 10_014, message: "Unknown Emoji" },
  UnknownWebhook: { status: 404, code: 10_015, message: "Unknown Webhook" },
  UnknownBan: { status: 404, code: 10_026, message: "Unknown Ban" },
  UnknownSticker: { status: 404, code: 10_060, message: "Unknown Sticker" },
  UnknownInteraction: { status: 404, code: 10_062, message: "Unknown interaction" },
  UnknownCommand: { status: 404, code: 10_063, message: "Unknown application command" },
  UnknownVoiceState: { status: 404, code: 10_065, message: "Unknown Voice State" },
  UnknownCommandPermissions: {
    status: 404,
    code: 10_066,
    message: "Unknown application command permissions",
  },
  UnknownStage: { status: 404, code: 10_067, message: "Unknown Stage Instance" },
  UnknownEvent: { status: 404, code: 10_070, message: "Unknown Guild Scheduled Event" },
  UnknownThreadMember: { status: 404, code: 10_007, message: "Unknown Member" },
  BotsCannot: { status: 403, code: 20_001, message: "Bots cannot use this endpoint" },
  TooManyPins: { status: 400, code: 30_003, message: "Maximum number of pinned messages reached (250)" },
  TooManyWebhooks: { status: 400, code: 30_007, message: "Maximum number of webhooks reached (15)" },
  TooManyReactions: { status: 400, code: 30_010, message: "Maximum number of reactions reached (20)" },
  TooManyCommands: {
    status: 400,
    code: 30_032,
    message: "Maximum number of application commands reached (100).",
  },
  TooManyCommandCreates: {
    status: 429,
    code: 30_034,
    message: "Max number of daily application command creates has been reached (200)",
  },
  TooManyOldEdits: {
    status: 429,
    code: 30_046,
    message: "Maximum number of edits to messages older than 1 hour reached. Try again later",
  },
  TooManyEvents: {
    status: 400,
    code: 30_038,
    message: "Maximum number of uncompleted guild scheduled events reached (100)",
  },
  EntityTooLarge: { status: 413, code: 40_005, message: "Request entity too large" },
  NotInVoice: { status: 400, code: 40_032, message: "Target user is not connected to voice." },
  AlreadyAcknowledged: {
    status: 400,
    code: 40_060,
    message: "Interaction has already been acknowledged.",
  },
  /** What stands before Discord's API turns away who does not say who they are. */
  BlockedUserAgent: { status: 403, code: 40_333, message: "internal network error" },
  MissingAccess: { status: 403, code: 50_001, message: "Missing Access" },
  DirectOnly: { status: 403, code: 50_003, message: "Cannot execute action on a DM channel" },
  NotTheAuthor: { status: 403, code: 50_005, message: "Cannot edit a message authored by another user" },
  EmptyMessage: { status: 400, code: 50_006, message: "Cannot send an empty message" },
  CannotDirect: { status: 403, code: 50_007, message: "Cannot send messages to this user" },
  NotATextChannel: { status: 400, code: 50_008, message: "Cannot send messages in a non-text channel" },
  MissingPermissions: { status: 403, code: 50_013, message: "Missing Permissions" },
  SystemMessage: {
    status: 403,
    code: 50_021,
    message: "Cannot execute action on a system message",
  },
  WrongChannelType: { status: 400, code: 50_024, message: "Cannot execute action on this channel type" },
  InvalidWebhookToken: { status: 401, code: 50_027, message: "Invalid Webhook Token" },
  InvalidRole: { status: 400, code: 50_028, message: "Invalid Role" },
  BulkDelete: {
    status: 400,
    code: 50_034,
    message: "You can only bulk delete messages that are under 14 days old.",
  },
  InvalidForm: { status: 400, code: 50_035, message: "Invalid Form Body" },
  InvalidVersion: { status: 400, code: 50_041, message: "Invalid API version provided." },
  InvalidSticker: { status: 400, code: 50_081, message: "Invalid sticker sent" },
  ThreadArchived: { status: 400, code: 50_083, message: "Thread is archived" },
  InvalidJson: { status: 400, code: 50_109, message: "The request body contains invalid JSON." },
  NoMutualGuild: {
    status: 400,
    code: 50_278,
    message: "Cannot send messages to this user due to having no mutual guilds",
  },
  ThreadExists: {
    status: 400,
    code: 160_004,
    message: "A thread has already been created for this message",
  },
  ThreadLocked: { status: 400, code: 160_005, message: "Thread is locked" },
  CannotForward: {
    status: 400,
    code: 160_014,
    message: "You don't have permission to view the contents of the forwarded message",
  },
  WebhookNeedsThread: {
    status: 400,
    code: 220_001,
    message: "Webhooks posted to forum channels must have a thread_name or thread_id",
  },
  PollMessage: { status: 400, code: 520_003, message: "Cannot edit a poll message" },
  PollExpired: { status: 400, code: 520_006, message: "Cannot expire a poll that is already expired" },
  NoPoll: { status: 400, code: 520_001, message: "Poll voting is not possible: the message has no poll" },
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
  /** Parts of nested fields are joined by points: `components.0.custom_id`. */
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

interface ErrorTree {
  [field: string]: ErrorTree | readonly Omit<FormProblem, "field">[];
}

/** 50035 with `errors`, which nests by the parts of the fields' names. */
export function invalidForm(problems: readonly FormProblem[]): RestAnswer {
  const { status, code, message } = RestError.InvalidForm;
  const errors: ErrorTree = {};
  for (const { field, code: problemCode, message: problemMessage } of problems) {
    let branch = errors;
    for (const part of field.split(".").filter((name) => name !== "_errors")) {
      const next = branch[part];
      const inner: ErrorTree = next === undefined || Array.isArray(next) ? {} : (next as ErrorTree);
      branch[part] = inner;
      branch = inner;
    }
    const known = branch["_errors"];
    const before = Array.isArray(known) ? known : [];
    branch["_errors"] = [...before, { code: problemCode, message: problemMessage }];
  }
  return { status, headers: {}, body: { message, code, errors } };
}
