import type { Act } from "../fault/act.ts";
import type { Faults } from "../fault/faults.ts";
import type { WorldCommand } from "../world/command.ts";
import { CHANNEL_KINDS } from "../world/world.ts";
import {
  type Checked,
  check,
  closeCode,
  count,
  type Field,
  flag,
  httpStatus,
  id,
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

const selfFlags = { selfMute: optional(flag), selfDeaf: optional(flag) };
const place = {
  position: optional(count(POSITION_MAX)),
  parentId: optional(orNull(id)),
  userLimit: optional(count(USER_LIMIT_MAX)),
  hidden: optional(flag),
};

const COMMANDS: Shapes<WorldCommand> = {
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
  renameGuild: { name: text(NAME_CHARACTERS_MAX) },
  guildUnavailable: {},
  guildAvailable: {},
  removeBot: {},
};

const ACTS: Shapes<Act> = {
  reconnect: {},
  drop: {},
  close: { code: closeCode },
  requestHeartbeat: {},
  invalidateSession: { resumable: flag },
  duplicateDispatch: {},
};

const sometimes: Field<Faults["noHello"]> = optional(occasions);
const delay = optional(count(DELAY_MS_MAX));

const FAULTS: Shape<Partial<Faults>> = {
  refuseUpgrade: sometimes,
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
  garbage: sometimes,
  splitFrames: sometimes,
  latencyMs: delay,
  restStatus: optional(orNull(httpStatus)),
  restDelayMs: delay,
};

export function decodeCommand(json: unknown): Checked<WorldCommand> {
  return decodeVariant<WorldCommand>(COMMANDS, json);
}

export function decodeAct(json: unknown): Checked<Act> {
  return decodeVariant<Act>(ACTS, json);
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
