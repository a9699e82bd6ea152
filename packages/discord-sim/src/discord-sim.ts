import type { Snowflake } from "@guildwire/discord-wire";
import type { InteractionReport } from "./application/interaction.ts";
import type { Act, ActTarget } from "./fault/act.ts";
import type { Faults } from "./fault/faults.ts";
import type { SessionReport } from "./gateway/gateway-server.ts";
import { RunningSim } from "./running-sim.ts";
import { type SimOptions, settingsOf } from "./sim-options.ts";
import type { SimStats } from "./sim-stats.ts";
import type { SimCommand } from "./world/command.ts";
import type { Dispatch } from "./world/dispatch.ts";
import type { InteractionCommand } from "./world/interaction-command.ts";
import type { Truth } from "./world/truth.ts";

/** A running stand-in for Discord. Any number of them can live in one process; each has its own port and world. */
export interface DiscordSim extends AsyncDisposable {
  readonly port: number;
  /** `http://…/api/v10`: what `DISCORD_API_URL` is set to. */
  readonly apiUrl: string;
  /** `ws://…/gateway`, without a query string, as `GET /gateway/bot` gives it. */
  readonly gatewayUrl: string;
  /** `http://…/control`. */
  readonly controlUrl: string;
  /** Of the first bot. */
  readonly token: string;
  readonly guildId: Snowflake;
  /** All servers the first bot is in, the watched one first. */
  readonly guildIds: readonly Snowflake[];
  /** The first application first. */
  applications(): readonly ApplicationReport[];
  /**
   * Another application with a bot of its own, in the servers named: by default the watched one. Throws
   * `COMMAND_REFUSED` for a server that does not exist.
   */
  addApplication(application: NewApplication): ApplicationReport;
  /** What is true of the rooms right now, of the watched server unless told otherwise. */
  world(guildId?: Snowflake): Truth;
  /**
   * Makes something happen, in the watched server unless told otherwise; returns what Discord sends about it. Throws
   * `COMMAND_REFUSED` when it is impossible.
   */
  command(command: SimCommand, guildId?: Snowflake): readonly Dispatch[];
  /** Somebody uses a command, a component or a form. Throws `COMMAND_REFUSED` when they cannot. */
  interact(command: InteractionCommand, guildId?: Snowflake): InteractionReport;
  /** What became of interactions, the oldest first. */
  interactions(): readonly InteractionReport[];
  /** Resolves when the interaction is answered, or its three seconds are over. */
  settled(interactionId: Snowflake): Promise<InteractionReport>;
  /** Does something to every live connection at once, or to those the target means. */
  act(act: Act, target?: ActTarget): void;
  /** Sessions that are live or can still be resumed. */
  sessions(): readonly SessionReport[];
  /** Changes the faults named and leaves the others. */
  setFaults(faults: Partial<Faults>): void;
  /** Stops life: nothing happens by itself any more. Connections stay. */
  pause(): void;
  /** Lets life go on. */
  resume(): void;
  stats(): SimStats;
  /** Destroys all connections and frees the port. */
  close(): Promise<void>;
}

export interface NewApplication {
  readonly name: string;
  /** Without one it follows from the bot's id. */
  readonly token?: string;
  readonly guildIds?: readonly Snowflake[];
  /** What its bot may do: a bit field in a decimal string. */
  readonly permissions?: string;
  readonly intentsAllowed?: number;
}

export interface ApplicationReport {
  /** Of the application and of its bot. */
  readonly id: Snowflake;
  readonly name: string;
  readonly token: string;
  readonly guildIds: readonly Snowflake[];
}

/** Starts a stand-in and resolves when it listens. Throws `SimError` (sim-error.ts). */
export async function createDiscordSim(options: SimOptions = {}): Promise<DiscordSim> {
  const sim = new RunningSim(settingsOf(options));
  await sim.open();
  return sim;
}
