/**
 * INTERACTION_CREATE: a command, a click, a half-typed option, a submitted modal. It needs no intent.
 *
 * - INT-1 The token answers for 15 minutes and belongs to one receiver. It stands in one field, so that it can be
 *   blanked, and never in a log.
 * - INT-2 In a guild the person comes as `member`, elsewhere as `user`.
 * - INT-3 Values and ids that a person chose are as Discord sends them; autocomplete does not restrict them.
 *
 * Source: https://discord.com/developers/docs/interactions/receiving-and-responding
 */
import { type Decoded, decoded, malformed } from "./decoded.ts";
import {
  asArray,
  asBits,
  asFlag,
  asId,
  asIds,
  asInteger,
  asObject,
  asString,
  type JsonObject,
  readEach,
} from "./fields.ts";
import { type Attachment, readAttachment } from "./message/attachment.ts";
import { ComponentType } from "./message/component.ts";
import { decodeMessage, type Message } from "./message/message.ts";
import type { Snowflake } from "./snowflake.ts";
import { type Person, readPerson } from "./user.ts";

/** Discord's `type` of an interaction. A ping (1) comes over HTTP only. */
export const InteractionType = { Command: 2, Component: 3, Autocomplete: 4, Modal: 5 } as const;

/** An option of a command; groups and subcommands hold `options`, all others a `value`. */
export interface CommandOption {
  readonly name: string;
  readonly type: number;
  readonly value?: string | number | boolean;
  readonly options?: readonly CommandOption[];
  /** Autocomplete: the option that is being typed. */
  readonly focused?: true;
}

/** What ids among the values stand for. */
export interface ResolvedEntities {
  readonly users: readonly Person[];
  /** Of the users that are members here: their roles and computed permissions. */
  readonly members: readonly { readonly userId: Snowflake; readonly roles: readonly Snowflake[] }[];
  readonly roles: readonly { readonly id: Snowflake; readonly name: string }[];
  readonly channels: readonly { readonly id: Snowflake; readonly name: string; readonly type: number }[];
  readonly messages: readonly Message[];
  readonly attachments: readonly Attachment[];
}

/** One answered field of a modal. Single fields have `value`, selects and groups `values`. */
export interface ModalField {
  readonly customId: string;
  readonly type: number;
  readonly value?: string | boolean;
  readonly values?: readonly string[];
}

/** A command, and the same while one of its options is typed. */
export interface CommandData {
  readonly id: Snowflake;
  readonly name: string;
  /** 1 slash, 2 user, 3 message. */
  readonly type: number;
  /** Where the command is registered; `null` = everywhere. */
  readonly guildId: Snowflake | null;
  readonly options: readonly CommandOption[];
  /** The user or message that a context command was used on. */
  readonly targetId: Snowflake | null;
}

/** What happened, by kind. */
export type InteractionData =
  | { readonly kind: "command"; readonly command: CommandData }
  | { readonly kind: "autocomplete"; readonly command: CommandData }
  | {
      readonly kind: "component";
      readonly customId: string;
      readonly componentType: number;
      /** Of selects; a button has none. */
      readonly values: readonly string[];
    }
  | { readonly kind: "modal"; readonly customId: string; readonly fields: readonly ModalField[] };

/** An interaction of any kind. */
export interface Interaction {
  readonly id: Snowflake;
  readonly applicationId: Snowflake;
  /** INT-1. */
  readonly token: string;
  readonly data: InteractionData;
  readonly resolved: ResolvedEntities | null;
  readonly guildId: Snowflake | null;
  readonly channel: {
    readonly id: Snowflake;
    readonly type: number | null;
    readonly name: string | null;
    readonly parentId: Snowflake | null;
  } | null;
  readonly person: Person;
  /** The person as a member of the guild; `permissions` are computed for the channel, as a decimal string. */
  readonly member: { readonly roles: readonly Snowflake[]; readonly permissions: string } | null;
  /** The message that a component, or a modal opened from one, belongs to. */
  readonly message: Message | null;
  /** The application's own permissions in the channel. */
  readonly appPermissions: string | null;
  /** The person's language, and the guild's. */
  readonly locale: string | null;
  readonly guildLocale: string | null;
  /** 0 guild, 1 direct message with the bot, 2 other direct message. */
  readonly context: number | null;
  /** Who installed the application for this use: a guild, a user, or both. */
  readonly installedBy: { readonly guildId: Snowflake | null; readonly userId: Snowflake | null };
  /** Bytes. */
  readonly attachmentBytesMax: number | null;
}

/** Reads INTERACTION_CREATE. A type that Discord adds is a problem, not a crash. */
export function decodeInteraction(d: unknown): Decoded<Interaction> {
  const interaction = asObject(d);
  const id = asId(interaction?.["id"]);
  const applicationId = asId(interaction?.["application_id"]);
  const token = asString(interaction?.["token"]);
  if (interaction === undefined || id === undefined || applicationId === undefined || token === undefined) {
    return malformed("interaction without `id`, `application_id` or `token`");
  }
  const guildId = asId(interaction["guild_id"]) ?? null;
  const member = asObject(interaction["member"]);
  const person = readPerson(
    asObject(member?.["user"]) ?? asObject(interaction["user"]),
    member,
    guildId ?? undefined,
  );
  if (person === undefined) return malformed("interaction without `member.user` or `user`");
  const raw = asObject(interaction["data"]);
  const data = raw === undefined ? undefined : readData(asInteger(interaction["type"]), raw);
  if (raw === undefined || data === undefined)
    return malformed("interaction without a known `type` and its `data`");
  const owners = asObject(interaction["authorizing_integration_owners"]);
  const message = decodeMessage(interaction["message"], guildId ?? undefined);
  return decoded({
    id,
    applicationId,
    token,
    data,
    resolved: readResolved(raw["resolved"], guildId ?? undefined),
    guildId,
    channel: readChannel(interaction),
    person,
    member:
      member === undefined
        ? null
        : { roles: asIds(member["roles"]), permissions: asBits(member["permissions"]) ?? "0" },
    message: message.ok ? message.value : null,
    appPermissions: asBits(interaction["app_permissions"]) ?? null,
    locale: asString(interaction["locale"]) ?? null,
    guildLocale: asString(interaction["guild_locale"]) ?? null,
    context: asInteger(interaction["context"]) ?? null,
    installedBy: { guildId: ownerId(owners?.["0"]), userId: ownerId(owners?.["1"]) },
    attachmentBytesMax: asInteger(interaction["attachment_size_limit"]) ?? null,
  });
}

function readData(type: number | undefined, data: JsonObject): InteractionData | undefined {
  switch (type) {
    case InteractionType.Command:
    case InteractionType.Autocomplete: {
      const command = readCommand(data);
      if (command === undefined) return undefined;
      return { kind: type === InteractionType.Command ? "command" : "autocomplete", command };
    }
    case InteractionType.Component: {
      const customId = asString(data["custom_id"]);
      const componentType = asInteger(data["component_type"]);
      if (customId === undefined || componentType === undefined) return undefined;
      return { kind: "component", customId, componentType, values: strings(data["values"]) };
    }
    case InteractionType.Modal: {
      const customId = asString(data["custom_id"]);
      if (customId === undefined) return undefined;
      return { kind: "modal", customId, fields: modalFields(data["components"]) };
    }
    default:
      return undefined;
  }
}

function readCommand(data: JsonObject): CommandData | undefined {
  const id = asId(data["id"]);
  const name = asString(data["name"]);
  if (id === undefined || name === undefined) return undefined;
  return {
    id,
    name,
    type: asInteger(data["type"]) ?? 1,
    guildId: asId(data["guild_id"]) ?? null,
    options: readOptions(data["options"], 1),
    targetId: asId(data["target_id"]) ?? null,
  };
}

/** Group, subcommand, option: Discord nests three deep. */
const OPTION_DEPTH_MAX = 3;

function readOptions(list: unknown, depth: number): readonly CommandOption[] {
  return readEach(list, (option) => {
    const name = asString(option["name"]);
    const type = asInteger(option["type"]);
    if (name === undefined || type === undefined) return undefined;
    const value = option["value"];
    const isValue = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
    const nested = depth < OPTION_DEPTH_MAX && Array.isArray(option["options"]);
    return {
      name,
      type,
      ...(isValue ? { value } : {}),
      ...(nested ? { options: readOptions(option["options"], depth + 1) } : {}),
      ...(asFlag(option["focused"]) ? { focused: true as const } : {}),
    };
  });
}

/** A modal's fields stand in labels (18), or in the action rows of older modals. */
function modalFields(list: unknown): readonly ModalField[] {
  const fields: ModalField[] = [];
  for (const entry of asArray(list)) {
    const holder = asObject(entry);
    const label = asInteger(holder?.["type"]) === ComponentType.Label;
    const inner = label ? [holder?.["component"]] : asArray(holder?.["components"]);
    for (const component of inner) {
      const field = readModalField(asObject(component));
      if (field !== undefined) fields.push(field);
    }
  }
  return fields;
}

function readModalField(component: JsonObject | undefined): ModalField | undefined {
  const customId = asString(component?.["custom_id"]);
  const type = asInteger(component?.["type"]);
  if (component === undefined || customId === undefined || type === undefined) return undefined;
  const value = component["value"];
  return {
    customId,
    type,
    ...(typeof value === "string" || typeof value === "boolean" ? { value } : {}),
    ...(Array.isArray(component["values"]) ? { values: strings(component["values"]) } : {}),
  };
}

function readChannel(interaction: JsonObject): Interaction["channel"] {
  const channel = asObject(interaction["channel"]);
  const id = asId(interaction["channel_id"]) ?? asId(channel?.["id"]);
  if (id === undefined) return null;
  return {
    id,
    type: asInteger(channel?.["type"]) ?? null,
    name: asString(channel?.["name"]) ?? null,
    parentId: asId(channel?.["parent_id"]) ?? null,
  };
}

function readResolved(value: unknown, guildId: Snowflake | undefined): ResolvedEntities | null {
  const resolved = asObject(value);
  if (resolved === undefined) return null;
  const members = asObject(resolved["members"]);
  const named = (kind: string) =>
    entriesOf(resolved[kind]).flatMap((entry) => {
      const id = asId(entry["id"]);
      return id === undefined ? [] : [{ id, name: asString(entry["name"]) ?? "", entry }];
    });
  return {
    users: entriesOf(resolved["users"]).flatMap(
      (user) => readPerson(user, asObject(members?.[String(user["id"])]), guildId) ?? [],
    ),
    members: Object.entries(members ?? {}).flatMap(([key, member]) => {
      const userId = asId(key);
      return userId === undefined ? [] : [{ userId, roles: asIds(asObject(member)?.["roles"]) }];
    }),
    roles: named("roles").map(({ id, name }) => ({ id, name })),
    channels: named("channels").map(({ id, name, entry }) => ({
      id,
      name,
      type: asInteger(entry["type"]) ?? 0,
    })),
    messages: entriesOf(resolved["messages"]).flatMap((entry) => {
      const outcome = decodeMessage(entry, guildId);
      return outcome.ok ? [outcome.value] : [];
    }),
    attachments: entriesOf(resolved["attachments"]).flatMap((entry) => readAttachment(entry) ?? []),
  };
}

function entriesOf(map: unknown): readonly JsonObject[] {
  return readEach(Object.values(asObject(map) ?? {}), (entry) => entry);
}

function strings(list: unknown): readonly string[] {
  return asArray(list).filter((value): value is string => typeof value === "string");
}

/** "0" stands for the bot's own direct message. */
function ownerId(value: unknown): Snowflake | null {
  const id = asId(value);
  return id === undefined || id === "0" ? null : id;
}
