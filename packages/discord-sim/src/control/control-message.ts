import type { Snowflake } from "@guildwire/discord-wire";
import type { Act, ActTarget } from "../fault/act.ts";
import type { Faults } from "../fault/faults.ts";
import type { SimCommand } from "../world/command.ts";
import { CONTENT_CHARACTERS_MAX } from "../world/message.ts";
import { CHANNEL_KINDS, PRESENCE_STATUSES } from "../world/world.ts";
import {
  bits,
  type Checked,
  check,
  closeCode,
  count,
  type Field,
  flag,
  httpStatus,
  id,
  ids,
  occasions,
  oneOf,
  optional,
  orNull,
  type Shape,
  text,
} from "./shape.ts";

/** The JSON that the control port takes: commands, acts and faults, one row for each. A missing row does not compile. */

type Variant<Union extends { readonly type: string }, Type> = Omit<Extract<Union, { type: Type }>, "type">;

type Shapes<Union extends { readonly type: string }> = {
  readonly [Type in Union["type"]]: Shape<Variant<Union, Type>>;
};

const NAME_CHARACTERS_MAX = 100;
const STATUS_CHARACTERS_MAX = 500;
const NICK_CHARACTERS_MAX = 32;
const POSITION_MAX = 10_000;
const USER_LIMIT_MAX = 10_000;
const DELAY_MS_MAX = 600_000;
const ROLES_MAX = 250;
const DELETIONS_MAX = 100;
const EMOJI_CHARACTERS_MAX = 60;
const TOPIC_CHARACTERS_MAX = 120;
const SEQUENCES_MAX = 1_000_000;
const BYTES_MAX = 2 ** 30;

const selfFlags = { selfMute: optional(flag), selfDeaf: optional(flag) };
const place = {
  position: optional(count(POSITION_MAX)),
  parentId: optional(orNull(id)),
  userLimit: optional(count(USER_LIMIT_MAX)),
  hidden: optional(flag),
};

const messagePlace = { channelId: id, messageId: id };

const COMMANDS: Shapes<SimCommand> = {
  join: { userId: id, channelId: id, ...selfFlags },
  leave: { userId: id },
  move: { userId: id, channelId: id },
  setVoiceFlags: {
    userId: id,
    ...selfFlags,
    stream: optional(flag),
    video: optional(flag),
    mute: optional(flag),
    deaf: optional(flag),
    suppress: optional(flag),
    handRaised: optional(flag),
  },
  setVoiceStatus: { channelId: id, status: orNull(text(STATUS_CHARACTERS_MAX)) },
  createChannel: {
    kind: oneOf(...CHANNEL_KINDS),
    name: text(NAME_CHARACTERS_MAX),
    id: optional(id),
    ...place,
  },
  updateChannel: { channelId: id, name: optional(text(NAME_CHARACTERS_MAX)), ...place },
  deleteChannel: { channelId: id },
  addMember: { name: text(NICK_CHARACTERS_MAX), id: optional(id), bot: optional(flag) },
  renameMember: { userId: id, nick: orNull(text(NICK_CHARACTERS_MAX)) },
  removeMember: { userId: id },
  createRole: { name: text(NAME_CHARACTERS_MAX), permissions: optional(bits), id: optional(id) },
  updateRole: { roleId: id, name: optional(text(NAME_CHARACTERS_MAX)), permissions: optional(bits) },
  deleteRole: { roleId: id },
  setMemberRoles: { userId: id, roleIds: ids(ROLES_MAX) },
  setOverwrite: { channelId: id, targetId: id, allow: bits, deny: bits },
  sendMessage: {
    userId: id,
    channelId: id,
    content: text(CONTENT_CHARACTERS_MAX),
    replyTo: optional(id),
    id: optional(id),
  },
  editMessage: { ...messagePlace, content: text(CONTENT_CHARACTERS_MAX) },
  deleteMessages: { channelId: id, messageIds: ids(DELETIONS_MAX) },
  react: { ...messagePlace, userId: id, emoji: text(EMOJI_CHARACTERS_MAX) },
  unreact: { ...messagePlace, userId: id, emoji: text(EMOJI_CHARACTERS_MAX) },
  clearReactions: { ...messagePlace, emoji: optional(text(EMOJI_CHARACTERS_MAX)) },
  startTyping: { userId: id, channelId: id },
  setPresence: {
    userId: id,
    status: oneOf(...PRESENCE_STATUSES),
    playing: optional(orNull(text(NAME_CHARACTERS_MAX))),
  },
  setStageTopic: { channelId: id, topic: text(TOPIC_CHARACTERS_MAX) },
  endStage: { channelId: id },
  sendDirectMessage: { userId: id, content: text(CONTENT_CHARACTERS_MAX) },
  startDirectTyping: { userId: id },
  renameGuild: { name: text(NAME_CHARACTERS_MAX) },
  guildUnavailable: {},
  guildAvailable: {},
  removeBot: {},
};

const ACTS: Shapes<Act> = {
  reconnect: {},
  drop: {},
  halfOpen: {},
  close: { code: closeCode },
  requestHeartbeat: {},
  invalidateSession: { resumable: flag },
  duplicateDispatch: {},
};

const sometimes: Field<Faults["noHello"]> = optional(occasions);
const delay = optional(count(DELAY_MS_MAX));

const FAULTS: Shape<Partial<Faults>> = {
  refuseUpgrade: sometimes,
  resumeUrlRefused: sometimes,
  helloWithUpgrade: sometimes,
  noHello: sometimes,
  helloDelayMs: delay,
  op7InsteadOfHello: sometimes,
  withholdAck: sometimes,
  neverAnswerIdentify: sometimes,
  refuseIdentify: sometimes,
  closeOnIdentify: optional(orNull(closeCode)),
  closeAfterReady: optional(orNull(closeCode)),
  dropResume: sometimes,
  neverAnswerResume: sometimes,
  refuseResume: sometimes,
  duplicateDispatches: sometimes,
  loseDispatches: sometimes,
  seqJump: optional(count(SEQUENCES_MAX)),
  garbage: sometimes,
  splitFrames: sometimes,
  latencyMs: delay,
  tcpChunkBytes: optional(count(BYTES_MAX)),
  throttleBytesPerSecond: optional(count(BYTES_MAX)),
  restStatus: optional(orNull(httpStatus)),
  restDelayMs: delay,
  restBadGateway: sometimes,
  restLoseAnswers: sometimes,
  restSharedLimit: sometimes,
  restGlobalLimit: sometimes,
};

/** A command, and the server it is for when that is not the watched one. */
export function decodeCommand(
  json: unknown,
): Checked<{ readonly command: SimCommand; readonly guildId: Snowflake | undefined }> {
  const apart = setApart<{ guildId?: Snowflake }>(json, { guildId: optional(id) });
  if (!apart.ok) return apart;
  const command = decodeVariant<SimCommand>(COMMANDS, apart.value.rest);
  if (!command.ok) return command;
  return { ok: true, value: { command: command.value, guildId: apart.value.own.guildId } };
}

/** An act, and which connections it is for when not for all. */
export function decodeAct(json: unknown): Checked<{ readonly act: Act; readonly target: ActTarget }> {
  const shape: Shape<ActTarget> = {
    sessionId: optional(text(NAME_CHARACTERS_MAX)),
    shard: optional(count(SEQUENCES_MAX)),
  };
  const apart = setApart<ActTarget>(json, shape);
  if (!apart.ok) return apart;
  const act = decodeVariant<Act>(ACTS, apart.value.rest);
  return act.ok ? { ok: true, value: { act: act.value, target: apart.value.own } } : act;
}

/** Takes the fields of `shape` out of an object. */
function setApart<T>(
  json: unknown,
  shape: Shape<T>,
): Checked<{ readonly own: T; readonly rest: Readonly<Record<string, unknown>> }> {
  const fields = asFields(json);
  if (fields === undefined) return NOT_AN_OBJECT;
  const entries = Object.entries(fields);
  const own = check(shape, Object.fromEntries(entries.filter(([name]) => Object.hasOwn(shape, name))));
  if (!own.ok) return own;
  const rest = Object.fromEntries(entries.filter(([name]) => !Object.hasOwn(shape, name)));
  return { ok: true, value: { own: own.value, rest } };
}

export function decodeFaults(json: unknown): Checked<Partial<Faults>> {
  const fields = asFields(json);
  return fields === undefined ? NOT_AN_OBJECT : check(FAULTS, fields);
}

function decodeVariant<Union extends { readonly type: string }>(
  shapes: Shapes<Union>,
  json: unknown,
): Checked<Union> {
  const fields = asFields(json);
  if (fields === undefined) return NOT_AN_OBJECT;
  const { type, ...rest } = fields;
  if (typeof type !== "string" || !Object.hasOwn(shapes, type)) {
    return { ok: false, field: "type", problem: `must be one of ${Object.keys(shapes).join(", ")}` };
  }
  const checked = check<object>(shapes[type as Union["type"]], rest);
  return checked.ok ? { ok: true, value: { type, ...checked.value } as unknown as Union } : checked;
}

const NOT_AN_OBJECT = { ok: false, field: "body", problem: "must be a JSON object" } as const;

function asFields(json: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof json === "object" && json !== null && !Array.isArray(json)
    ? (json as Readonly<Record<string, unknown>>)
    : undefined;
}
