/** Lets things happen in the simulated server and tells what it says about them. */
import { type DiscordSim, type Dispatch, SimError, type WorldCommand } from "@guildwire/discord-sim";
import type { Chance } from "@guildwire/runtime/random";
import type { UntimedObservation } from "./observation.ts";
import { drawCommand, firstCommands } from "./world-commands.ts";

/** What a session with the intents GUILDS and GUILD_VOICE_STATES is told of. */
const HEARD = /^(GUILD_(CREATE|UPDATE|DELETE|ROLE_.*)|CHANNEL_.*|VOICE_.*|STAGE_.*)$/;

export class Happenings {
  readonly #sim: DiscordSim;
  readonly #see: (observation: UntimedObservation) => void;
  #count = 0;

  constructor(sim: DiscordSim, see: (observation: UntimedObservation) => void) {
    this.#sim = sim;
    this.#see = see;
    for (const command of firstCommands()) sim.command(command);
  }

  /** What chance proposes, if it is possible. */
  maybe(chance: Chance): void {
    this.#count += 1;
    this.#say(drawCommand(chance, this.#sim.world(), this.#count));
  }

  /** Something that every session hears of. */
  surely(): void {
    this.#count += 1;
    this.#say({ type: "renameGuild", name: `server ${this.#count}` });
  }

  #say(command: WorldCommand): void {
    for (const { t, d } of this.#dispatches(command)) {
      if (HEARD.test(t)) this.#see({ type: "said", name: t, body: JSON.stringify(d) });
    }
  }

  #dispatches(command: WorldCommand): readonly Dispatch[] {
    try {
      return this.#sim.command(command);
    } catch (error) {
      if (error instanceof SimError) return [];
      throw error;
    }
  }
}
