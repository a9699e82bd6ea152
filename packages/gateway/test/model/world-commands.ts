/** Things that happen in the simulated server, drawn by chance from what is possible there just now. */
import type { Truth, WorldCommand } from "@guildwire/discord-sim";
import { snowflakeAt } from "@guildwire/discord-wire";
import type { Chance } from "@guildwire/runtime/random";

const PEOPLE = 12;
const ROOMS_MIN = 2;
const ROOMS_MAX = 12;
const IDS_SINCE_MS = 1_700_000_000_000;

/** People who are known from the start, so that some are always outside of every room. */
export function firstCommands(): readonly WorldCommand[] {
  return Array.from({ length: PEOPLE }, (_, index) => ({
    type: "addMember",
    name: `person ${index}`,
    id: personId(index),
  }));
}

function personId(index: number) {
  return snowflakeAt(IDS_SINCE_MS + index * 1_000, 1);
}

/** `number` makes names unique, so that no two dispatches look alike. It may be refused when nothing fits. */
export function drawCommand(chance: Chance, truth: Truth, number: number): WorldCommand {
  const userId = personId(chance.below(PEOPLE));
  const room = chance.pick(truth.rooms);
  const isIn = truth.rooms.some(({ people }) => people.some(({ id }) => id === userId));
  const roll = chance.next();
  if (room === undefined || (roll < 0.04 && truth.rooms.length < ROOMS_MAX)) {
    return { type: "createChannel", kind: "voice", name: `room ${number}` };
  }
  if (roll < 0.08 && truth.rooms.length > ROOMS_MIN) return { type: "deleteChannel", channelId: room.id };
  if (roll < 0.2) return { type: "updateChannel", channelId: room.id, name: `room ${number}` };
  if (roll < 0.4) return { type: "renameGuild", name: `server ${number}` };
  if (!isIn) return { type: "join", userId, channelId: room.id, selfMute: chance.odds(0.5) };
  if (roll < 0.6) return { type: "leave", userId };
  if (roll < 0.8) return { type: "move", userId, channelId: room.id };
  return { type: "setVoiceFlags", userId, selfMute: chance.odds(0.5) };
}
