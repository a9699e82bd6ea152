import type { Snowflake } from "@guildwire/discord-wire";
import { pick, pickWeighted, type Random } from "@guildwire/runtime/random";
import { EMOJIS, GAMES, SAYINGS } from "../world/catalogue.ts";
import type { Message } from "../world/chat/message.ts";
import type { WorldCommand } from "../world/command.ts";
import type { Channel, Member, World } from "../world/world.ts";
import { ACTIVITIES, type Activity } from "./activity.ts";
import { liveliness } from "./temperament.ts";

/** What goes on in text: messages, what becomes of them, typing, and who is there and plays what. */
export const CHAT_ACTIVITIES: readonly Activity[] = [
  { name: "writes", weight: 40, propose: write },
  { name: "is online, away or gone", weight: 22, propose: comeOnline },
  { name: "types", weight: 18, propose: type },
  { name: "reacts", weight: 12, propose: react },
  { name: "edits", weight: 4, propose: edit },
  { name: "takes a reaction back", weight: 2, propose: unreact },
  { name: "deletes", weight: 2, propose: remove },
];

/** A whole server's life: mostly what a bot for voice throws away, as in the real world. */
export const MIXED_ACTIVITIES: readonly Activity[] = [
  ...CHAT_ACTIVITIES.map((activity) => ({ ...activity, weight: activity.weight * 4 })),
  ...ACTIVITIES,
];

function write(world: World, random: Random): WorldCommand | undefined {
  const author = somebody(world, random);
  const channel = somewhere(world, random);
  const content = pick(random, SAYINGS);
  if (author === undefined || channel === undefined || content === undefined) return undefined;
  const answered = random() < 0.2 ? world.messages.get(channel.id)?.at(-1) : undefined;
  return {
    type: "sendMessage",
    userId: author.id,
    channelId: channel.id,
    content,
    ...(answered === undefined ? {} : { replyTo: answered.id }),
  };
}

function type(world: World, random: Random): WorldCommand | undefined {
  const person = somebody(world, random);
  const channel = somewhere(world, random);
  if (person === undefined || channel === undefined) return undefined;
  return { type: "startTyping", userId: person.id, channelId: channel.id };
}

function react(world: World, random: Random): WorldCommand | undefined {
  const person = somebody(world, random);
  const message = recent(world, random);
  const emoji = pick(random, EMOJIS);
  if (person === undefined || message === undefined || emoji === undefined) return undefined;
  return { type: "react", ...placeOf(message), userId: person.id, emoji };
}

function unreact(world: World, random: Random): WorldCommand | undefined {
  const message = recent(world, random);
  const reaction = message && pick(random, message.reactions);
  const userId = reaction && pick(random, reaction.userIds);
  if (message === undefined || reaction === undefined || userId === undefined) return undefined;
  if (userId === world.bot.id || reaction.emoji.id !== null) return undefined;
  return { type: "unreact", ...placeOf(message), userId, emoji: reaction.emoji.name };
}

function edit(world: World, random: Random): WorldCommand | undefined {
  const message = recent(world, random);
  if (message === undefined || message.author.id === world.bot.id) return undefined;
  if (message.content.endsWith(EDITED)) return undefined;
  return { type: "editMessage", ...placeOf(message), content: `${message.content}${EDITED}` };
}

const EDITED = " (typo)";

function remove(world: World, random: Random): WorldCommand | undefined {
  const message = recent(world, random);
  if (message === undefined || message.author.id === world.bot.id) return undefined;
  return { type: "deleteMessages", channelId: message.channelId, messageIds: [message.id] };
}

function comeOnline(world: World, random: Random): WorldCommand | undefined {
  const person = somebody(world, random);
  if (person === undefined || person.bot) return undefined;
  const status = pick(random, ["online", "online", "idle", "dnd", "offline"] as const) ?? "online";
  const playing = random() < 0.5 ? (pick(random, GAMES) ?? null) : null;
  return { type: "setPresence", userId: person.id, status, playing };
}

/** Anybody but the watching bot. */
function somebody(world: World, random: Random): Member | undefined {
  const people = [...world.members.values()].filter(({ id }) => id !== world.bot.id);
  return pickWeighted(random, people, ({ id }) => liveliness(id));
}

function somewhere(world: World, random: Random): Channel | undefined {
  return pick(
    random,
    [...world.channels.values()].filter(({ kind, hidden }) => kind === "text" && !hidden),
  );
}

function recent(world: World, random: Random): Message | undefined {
  const channel = somewhere(world, random);
  return channel && pick(random, (world.messages.get(channel.id) ?? []).slice(-10));
}

function placeOf(message: Message): { readonly channelId: Snowflake; readonly messageId: Snowflake } {
  return { channelId: message.channelId, messageId: message.id };
}
