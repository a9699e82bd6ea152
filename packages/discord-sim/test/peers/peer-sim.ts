import type { Snowflake } from "@guildwire/discord-wire";
import { createDiscordSim, type DiscordSim, type SimOptions } from "../../src/index.ts";

/** A quiet server for one library to be tried on. Short waits, so that its own timers do not make the test long. */
export function startSim(options: SimOptions = {}): Promise<DiscordSim> {
  return createDiscordSim({
    rate: 0,
    identifyWindowMs: 0,
    heartbeatIntervalMs: 1000,
    restCallsPerSecondMax: 1000,
    ...options,
  });
}

export interface Cast {
  readonly room: Snowflake;
  readonly otherRoom: Snowflake;
  readonly person: Snowflake;
  readonly personName: string;
  readonly textChannel: Snowflake;
}

/** Two rooms, somebody in the first, and a channel to write in. */
export async function castOf(sim: DiscordSim): Promise<Cast> {
  const rooms = sim.world().rooms.filter(({ kind, userLimit }) => kind === "voice" && userLimit === 0);
  const room = rooms.find(({ people }) => people.some(({ bot }) => !bot));
  const person = room?.people.find(({ bot }) => !bot);
  const otherRoom = rooms.find(({ id }) => id !== room?.id);
  const headers = { authorization: `Bot ${sim.token}`, "user-agent": "DiscordBot (https://example.org, 1)" };
  const response = await fetch(`${sim.apiUrl}/guilds/${sim.guildId}/channels`, { headers });
  const channels = (await response.json()) as { id: Snowflake; type: number; name: string }[];
  const text = channels.find(({ name }) => name === "general");
  if (room === undefined || person === undefined || otherRoom === undefined || text === undefined) {
    throw new Error("the server is not as expected");
  }
  return {
    room: room.id,
    otherRoom: otherRoom.id,
    person: person.id,
    personName: person.name,
    textChannel: text.id,
  };
}

/** Resolves when `condition` holds, asking again whenever the event loop has turned. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
