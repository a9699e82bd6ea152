import type { Snowflake } from "@guildwire/discord-wire";
import type { NewApplication } from "../discord-sim.ts";
import type { Act, ActTarget } from "../fault/act.ts";
import type { Faults } from "../fault/faults.ts";
import type { SimCommand } from "../world/command.ts";
import { COMMANDS } from "./command-shape.ts";
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
  optional,
  orNull,
  type Shape,
  text,
} from "./shape.ts";
import type { Shapes } from "./shapes.ts";

/** The JSON that the control port takes: commands, acts and faults, one row for each. A missing row does not compile. */

const NAME_CHARACTERS_MAX = 100;
const NICK_CHARACTERS_MAX = 32;
const DELAY_MS_MAX = 600_000;
const SEQUENCES_MAX = 1_000_000;
const BYTES_MAX = 2 ** 30;

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
  restHoldAnswers: sometimes,
  restFailAfter: sometimes,
  restFailAfterStatus: optional(httpStatus),
  restOperation: optional(orNull(text(NAME_CHARACTERS_MAX))),
  restUserLimit: sometimes,
  restEdgeLimit: sometimes,
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

export function decodeApplication(json: unknown): Checked<NewApplication> {
  const fields = asFields(json);
  if (fields === undefined) return NOT_AN_OBJECT;
  return check<NewApplication>(
    {
      name: text(NICK_CHARACTERS_MAX),
      token: optional(text(NAME_CHARACTERS_MAX)),
      guildIds: optional(ids(10_000)),
      permissions: optional(bits),
      intentsAllowed: optional(count(2 ** 31)),
    },
    fields,
  );
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
