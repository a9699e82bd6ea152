import { isSnowflake, type Snowflake } from "@guildwire/discord-wire";
import type { Message } from "../world/chat/message.ts";
import { wireMessage } from "../world/chat/wire-message.ts";
import type { ApplicationCommand, CommandOption } from "../world/command-book.ts";
import type { OptionValues } from "../world/interaction-command.ts";
import { permissionsAt } from "../world/permission.ts";
import { wireVisibleChannel } from "../world/wire.ts";
import { wireMember, wireRole, wireUser } from "../world/wire-people.ts";
import type { Member, World } from "../world/world.ts";

/** The `data` of interactions: options with their values, and what they name (`resolved`). */

export type Data = Readonly<Record<string, unknown>>;
export type Built =
  | { readonly ok: true; readonly data: Data }
  | { readonly ok: false; readonly field: string; readonly problem: string };

const SUBCOMMAND = 1;
const GROUP = 2;

interface Use {
  readonly options: OptionValues;
  readonly subcommand: string | undefined;
  readonly focused: string | undefined;
}

/** What a person can be seen as: in private there is no server. */
export interface Surroundings {
  readonly world: World | undefined;
  person(id: Snowflake): Member | undefined;
}

export function commandData(command: ApplicationCommand, use: Use, around: Surroundings): Built {
  const path = use.subcommand?.split(" ") ?? [];
  const chosen = descend(command.options ?? [], path);
  if (chosen === undefined) {
    return { ok: false, field: "subcommand", problem: "is not one of the command, or is missing" };
  }
  const values: Data[] = [];
  for (const [name, value] of Object.entries(use.options)) {
    const option = chosen.find((candidate) => candidate.name === name);
    if (option === undefined) return { ok: false, field: `options.${name}`, problem: "is not an option" };
    const isFocused = use.focused === name;
    const problem = isFocused ? focusProblem(option) : valueProblem(option, value, around);
    if (problem !== undefined) return { ok: false, field: `options.${name}`, problem };
    values.push({ name, type: option.type, value, ...(isFocused ? { focused: true } : {}) });
  }
  if (use.focused === undefined) {
    const absent = chosen.find(({ name, required }) => required === true && use.options[name] === undefined);
    if (absent !== undefined) return { ok: false, field: `options.${absent.name}`, problem: "is missing" };
  } else if (use.options[use.focused] === undefined) {
    return { ok: false, field: "focused", problem: "has no value in `options`" };
  }
  const options = enclosed(command.options ?? [], path, values);
  const ids = Object.entries(use.options).flatMap(([name, value]) => {
    const type = chosen.find((option) => option.name === name)?.type ?? 0;
    return isSnowflake(value) ? [{ type, id: value }] : [];
  });
  const resolved = resolvedOf(ids, around);
  return {
    ok: true,
    data: {
      ...named(command),
      ...(options.length === 0 ? {} : { options }),
      ...(Object.keys(resolved).length === 0 ? {} : { resolved }),
    },
  };
}

export function userCommandData(command: ApplicationCommand, target: Snowflake, around: Surroundings): Built {
  if (around.person(target) === undefined) return { ok: false, field: "targetId", problem: "is not known" };
  const resolved = resolvedOf([{ type: 6, id: target }], around);
  return { ok: true, data: { ...named(command), target_id: target, resolved } };
}

export function messageCommandData(command: ApplicationCommand, target: Message, botId: Snowflake): Built {
  const messages = { [target.id]: wireMessage(target, botId) };
  return { ok: true, data: { ...named(command), target_id: target.id, resolved: { messages } } };
}

function named({ id, name, type, guild_id }: ApplicationCommand): Data {
  return { id, name, type, ...(guild_id === undefined ? {} : { guild_id }) };
}

/** The options below a subcommand; `undefined` when the path leads nowhere or stops too early. */
function descend(
  options: readonly CommandOption[],
  path: readonly string[],
): readonly CommandOption[] | undefined {
  const [name, ...rest] = path;
  const branches = options.filter(({ type }) => type === SUBCOMMAND || type === GROUP);
  if (name === undefined) return branches.length === 0 ? options : undefined;
  const branch = branches.find((option) => option.name === name);
  return branch && descend(branch.options ?? [], rest);
}

function enclosed(
  options: readonly CommandOption[],
  path: readonly string[],
  values: readonly Data[],
): readonly Data[] {
  const [name, ...rest] = path;
  if (name === undefined) return values;
  const branch = options.find((option) => option.name === name);
  return [{ name, type: branch?.type ?? SUBCOMMAND, options: enclosed(branch?.options ?? [], rest, values) }];
}

function focusProblem(option: CommandOption): string | undefined {
  return option.autocomplete === true ? undefined : "is not completed by the application";
}

const WHOLE = 4;
const NUMBER = 10;
const BOOLEAN = 5;
const IDS: readonly number[] = [6, 7, 8, 9, 11];

function valueProblem(
  option: CommandOption,
  value: string | number | boolean,
  around: Surroundings,
): string | undefined {
  if (option.type === BOOLEAN) return typeof value === "boolean" ? undefined : "must be true or false";
  if (option.type === WHOLE || option.type === NUMBER) {
    if (typeof value !== "number") return "must be a number";
    if (option.type === WHOLE && !Number.isSafeInteger(value)) return "must be a whole number";
    const { min_value: least = -(2 ** 53), max_value: most = 2 ** 53 } = option;
    if (value < least || value > most) return `must be from ${least} to ${most}`;
  } else if (typeof value !== "string") return "must be a text";
  else if (IDS.includes(option.type)) {
    if (option.type === 11) return undefined;
    return isSnowflake(value) && isKnown(option.type, value, around) ? undefined : "names nothing known";
  } else if (value.length < (option.min_length ?? 0) || value.length > (option.max_length ?? 6000)) {
    return "is too short or too long";
  }
  const { choices = [] } = option;
  return choices.length === 0 || choices.some((choice) => choice.value === value)
    ? undefined
    : "is not one of the choices";
}

function isKnown(type: number, id: Snowflake, around: Surroundings): boolean {
  const isPerson = around.person(id) !== undefined;
  const isRole = around.world?.roles.has(id) === true;
  if (type === 6) return isPerson;
  if (type === 7) return around.world?.channels.has(id) === true;
  return type === 8 ? isRole : isPerson || isRole;
}

/** `type` is that of the option: 6 people, 7 channels, 8 roles, 9 people or roles. */
export function resolvedOf(
  ids: readonly { readonly type: number; readonly id: Snowflake }[],
  { world, person }: Surroundings,
): Data {
  const users: Record<string, unknown> = {};
  const members: Record<string, unknown> = {};
  const roles: Record<string, unknown> = {};
  const channels: Record<string, unknown> = {};
  for (const { type, id } of ids) {
    const role = type === 8 || type === 9 ? world?.roles.get(id) : undefined;
    const channel = type === 7 ? world?.channels.get(id) : undefined;
    const found = type === 6 || type === 9 ? person(id) : undefined;
    if (role !== undefined) roles[id] = wireRole(role);
    if (channel !== undefined && world !== undefined) {
      const {
        name,
        type: kind,
        parent_id,
      } = wireVisibleChannel(world, channel) as {
        name?: string;
        type: number;
        parent_id?: string | null;
      };
      channels[id] = { id, name, type: kind, parent_id, permissions: "0" };
    }
    if (found === undefined) continue;
    users[id] = wireUser(found);
    const member = world?.members.get(id);
    if (member === undefined) continue;
    const { user: _beside, deaf: _deaf, mute: _mute, ...partial } = wireMember(member);
    members[id] = { ...partial, permissions: "0" };
  }
  const all = { users, members, roles, channels };
  return Object.fromEntries(Object.entries(all).filter(([, found]) => Object.keys(found).length > 0));
}

/** A member with what they may do in the channel, as interactions have it. */
export function memberIn(world: World, channelId: Snowflake, member: Member): Data {
  const parent = world.threads.get(channelId)?.parentId ?? channelId;
  const channel = world.channels.get(parent);
  const permissions = channel === undefined ? 0n : permissionsAt(world, member.id, channel);
  return { ...wireMember(member), permissions: String(permissions) };
}
