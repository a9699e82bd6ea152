import { type Snowflake, snowflakeAt } from "@guildwire/discord-wire";

/** A command of an application, in Discord's own form. */
export interface ApplicationCommand {
  readonly id: Snowflake;
  readonly application_id: Snowflake;
  readonly guild_id?: Snowflake;
  /** 1 slash, 2 on a person, 3 on a message. */
  readonly type: 1 | 2 | 3;
  readonly name: string;
  readonly description: string;
  readonly options?: readonly CommandOption[];
  readonly default_member_permissions: string | null;
  readonly contexts?: readonly number[] | null;
  readonly nsfw: boolean;
  /** New with every change. */
  readonly version: Snowflake;
}

export interface CommandOption {
  readonly type: number;
  readonly name: string;
  readonly required?: boolean;
  readonly choices?: readonly { readonly name: string; readonly value: string | number }[];
  readonly options?: readonly CommandOption[];
  readonly autocomplete?: boolean;
  readonly min_value?: number;
  readonly max_value?: number;
  readonly min_length?: number;
  readonly max_length?: number;
}

/** What a command is made of; the book adds the rest. */
export type CommandDraft = Omit<ApplicationCommand, "id" | "application_id" | "guild_id" | "version">;

/** Where a command can be used: everywhere, or in one server. */
export type CommandScope = Snowflake | "global";

export const COMMAND_LIMITS = { 1: 100, 2: 15, 3: 15 } as const;
/** In one scope and day; changes are free. */
export const CREATES_PER_DAY_MAX = 200;
const DAY_MS = 86_400_000;

export interface CommandPermission {
  readonly id: Snowflake;
  /** 1 role, 2 person, 3 channel. */
  readonly type: 1 | 2 | 3;
  readonly permission: boolean;
}

/** The commands of one application. A name is unique per type and scope. */
export class CommandBook {
  readonly #scopes = new Map<CommandScope, Map<Snowflake, ApplicationCommand>>();
  readonly #creates = new Map<CommandScope, readonly number[]>();
  /** By server and command. */
  readonly #permissions = new Map<string, readonly CommandPermission[]>();
  #made = 0;

  list(scope: CommandScope): readonly ApplicationCommand[] {
    return [...(this.#scopes.get(scope)?.values() ?? [])];
  }

  get(scope: CommandScope, id: string | undefined): ApplicationCommand | undefined {
    return this.#scopes.get(scope)?.get(id as Snowflake);
  }

  /** The command somebody means who types its name in a server, or in private. */
  find(guildId: Snowflake | null, type: number, name: string): ApplicationCommand | undefined {
    const own = guildId === null ? [] : this.list(guildId);
    return [...own, ...this.list("global")].find((entry) => entry.type === type && entry.name === name);
  }

  /** Everything that can be used in a server, or in private. */
  usableIn(guildId: Snowflake | null): readonly ApplicationCommand[] {
    return [...(guildId === null ? [] : this.list(guildId)), ...this.list("global")];
  }

  /** Makes a command, or changes the one of that name. */
  put(
    applicationId: Snowflake,
    scope: CommandScope,
    draft: CommandDraft,
    atMs: number,
  ): { readonly command: ApplicationCommand; readonly isNew: boolean } | "too many" | "too many today" {
    const before = this.list(scope).find(({ name, type }) => name === draft.name && type === draft.type);
    if (before !== undefined) return { command: this.change(scope, before, draft, atMs), isNew: false };
    const alike = this.list(scope).filter(({ type }) => type === draft.type);
    if (alike.length >= COMMAND_LIMITS[draft.type]) return "too many";
    if (!this.#spendCreate(scope, atMs)) return "too many today";
    const command: ApplicationCommand = {
      ...draft,
      id: this.#nextId(atMs),
      application_id: applicationId,
      ...(scope === "global" ? {} : { guild_id: scope }),
      version: this.#nextId(atMs),
    };
    this.#keep(scope, command);
    return { command, isNew: true };
  }

  /** A change that changes nothing keeps the version. */
  change(
    scope: CommandScope,
    command: ApplicationCommand,
    draft: Partial<CommandDraft>,
    atMs: number,
  ): ApplicationCommand {
    const changed = { ...command, ...draft };
    if (JSON.stringify(sorted(changed)) === JSON.stringify(sorted(command))) return command;
    const next = { ...changed, version: this.#nextId(atMs) };
    this.#keep(scope, next);
    return next;
  }

  /** Puts these in the place of all others. Those that keep their name keep their id. */
  replace(
    applicationId: Snowflake,
    scope: CommandScope,
    drafts: readonly CommandDraft[],
    atMs: number,
  ): readonly ApplicationCommand[] | "too many" | "too many today" {
    const before = this.list(scope);
    const stays = (command: ApplicationCommand): boolean =>
      drafts.some(({ name, type }) => name === command.name && type === command.type);
    for (const command of before.filter((entry) => !stays(entry))) this.delete(scope, command.id);
    const results = drafts.map((draft) => this.put(applicationId, scope, draft, atMs));
    const refused = results.find((result) => typeof result === "string");
    if (typeof refused === "string") return refused;
    return results.flatMap((result) => (typeof result === "string" ? [] : [result.command]));
  }

  /** False when there is none. The permissions of the command are gone with it. */
  delete(scope: CommandScope, id: string | undefined): boolean {
    for (const key of this.#permissions.keys()) if (key.endsWith(`/${id}`)) this.#permissions.delete(key);
    return this.#scopes.get(scope)?.delete(id as Snowflake) ?? false;
  }

  permissionsOf(guildId: Snowflake, id: string): readonly CommandPermission[] | undefined {
    return this.#permissions.get(`${guildId}/${id}`);
  }

  permissionsIn(
    guildId: Snowflake,
  ): readonly { readonly id: string; readonly permissions: readonly CommandPermission[] }[] {
    return [...this.#permissions].flatMap(([key, permissions]) => {
      const [guild, id] = key.split("/", 2);
      return guild === guildId && id !== undefined ? [{ id, permissions }] : [];
    });
  }

  setPermissions(guildId: Snowflake, id: string, permissions: readonly CommandPermission[]): void {
    this.#permissions.set(`${guildId}/${id}`, permissions);
  }

  #keep(scope: CommandScope, command: ApplicationCommand): void {
    const own = this.#scopes.get(scope) ?? new Map<Snowflake, ApplicationCommand>();
    this.#scopes.set(scope, own.set(command.id, command));
  }

  #spendCreate(scope: CommandScope, atMs: number): boolean {
    const recent = (this.#creates.get(scope) ?? []).filter((time) => time > atMs - DAY_MS);
    if (recent.length >= CREATES_PER_DAY_MAX) return false;
    this.#creates.set(scope, [...recent, atMs]);
    return true;
  }

  #nextId(atMs: number): Snowflake {
    this.#made += 1;
    return snowflakeAt(Math.floor(atMs), (7 << 12) + (this.#made % 4096));
  }
}

function sorted(command: ApplicationCommand): unknown {
  return Object.entries(command).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
