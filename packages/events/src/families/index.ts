/**
 * The events of the fact streams, one schema per type: `@guildwire/events/families`. It is an entry of its own because
 * a worker that sends rooms alone should not load it.
 */
import { COMMANDS_EVENTS } from "./commands.ts";
import { INTERACTIONS_EVENTS } from "./interactions.ts";
import { MESSAGES_EVENTS } from "./messages.ts";
import { PRESENCE_EVENTS } from "./presence.ts";

export { COMMANDS_EVENTS, type CommandError } from "./commands.ts";
export type { Person } from "./fields.ts";
export { INTERACTIONS_EVENTS, type Interaction } from "./interactions.ts";
export { MESSAGE_BYTES_MAX, type Message, type MessagePatch } from "./message.ts";
export {
  type GuildChannel,
  MESSAGES_EVENTS,
  type Role,
  type ScheduledEvent,
  type Thread,
  WINDOW_BYTES_MAX,
  WINDOW_MESSAGES_MAX,
} from "./messages.ts";
export { type Activity, PRESENCE_EVENTS } from "./presence.ts";

/** By family; direct messages carry the events of messages and interactions that happen outside guilds. */
export const FACT_EVENTS = {
  messages: MESSAGES_EVENTS,
  interactions: INTERACTIONS_EVENTS,
  presence: PRESENCE_EVENTS,
  commands: COMMANDS_EVENTS,
  dm: {
    "message.created": MESSAGES_EVENTS["message.created"],
    "message.updated": MESSAGES_EVENTS["message.updated"],
    "message.deleted": MESSAGES_EVENTS["message.deleted"],
    "reaction.added": MESSAGES_EVENTS["reaction.added"],
    "reaction.removed": MESSAGES_EVENTS["reaction.removed"],
    ...INTERACTIONS_EVENTS,
  },
} as const;
