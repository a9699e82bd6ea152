import { type Snowflake, snowflakeAt } from "@guildwire/discord-wire";
import { CommandBook } from "../world/command-book.ts";
import type { Bot, Member } from "../world/world.ts";

/** An application with its bot. Both have the same id, as every application made since 2016 has. */
export interface Application {
  readonly bot: Bot;
  readonly token: string;
  /** Bit field of the intents an Identify may name; others close with 4014. */
  readonly intentsAllowed: number;
  readonly owner: Member;
  readonly commands: CommandBook;
  profile: ApplicationProfile;
}

/** What `PATCH /applications/@me` changes, in Discord's own names. */
export interface ApplicationProfile {
  readonly description: string;
  /** With one, no interaction comes over the Gateway. */
  readonly interactions_endpoint_url: string | null;
  readonly tags: readonly string[];
  /** Everything else that was set and that nothing here acts on. */
  readonly others: Readonly<Record<string, unknown>>;
}

export const NEW_PROFILE: ApplicationProfile = {
  description: "",
  interactions_endpoint_url: null,
  tags: [],
  others: {},
};

/** All applications, the first one first. */
export class Applications {
  readonly #byId = new Map<Snowflake, Application>();

  add(application: Omit<Application, "commands" | "profile">): Application {
    const added = { ...application, commands: new CommandBook(), profile: NEW_PROFILE };
    this.#byId.set(added.bot.id, added);
    return added;
  }

  get all(): readonly Application[] {
    return [...this.#byId.values()];
  }

  get first(): Application {
    const [first] = this.#byId.values();
    if (first === undefined) throw new Error("no application");
    return first;
  }

  byId(id: string | undefined): Application | undefined {
    return this.#byId.get(id as Snowflake);
  }
}

/**
 * A token in the form of Discord's: its first part is the bot's id in base64, which some libraries read. Nothing that a
 * scanner or a person could take for a real one.
 */
export function tokenOf(botId: Snowflake): string {
  return `${Buffer.from(botId).toString("base64url")}.sim.not-a-real-discord-bot-token`;
}

/** The id of the `n`th application beside the first. */
export function applicationId(n: number): Snowflake {
  return snowflakeAt(APPLICATIONS_START_MS + n * 1000);
}

const APPLICATIONS_START_MS = 1_580_000_000_000;
