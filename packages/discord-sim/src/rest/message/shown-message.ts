import { GatewayIntent } from "@guildwire/discord-wire";
import { withoutContent } from "../../world/chat/content.ts";
import type { Message } from "../../world/chat/message.ts";
import { threadOf, wireMessage } from "../../world/chat/wire-message.ts";
import type { RestAnswer } from "../rest-answer.ts";
import type { RestContext } from "../rest-context.ts";
import { failure } from "../rest-error.ts";
import type { Call } from "../route.ts";
import type { Conversation } from "./conversation.ts";

/** The message of the path; 10008 when it is not there. */
export function withMessage(
  conversation: Conversation,
  call: Call,
  answer: (message: Message) => RestAnswer,
): RestAnswer {
  const found = conversation.messages().find(({ id }) => id === call.parameters["message"]);
  return found === undefined ? failure("UnknownMessage") : answer(found);
}

/** As REST shows it: an application without MESSAGE_CONTENT gets it emptied here as well. */
export function shown(message: Message, conversation: Conversation, context: RestContext): unknown {
  const botId = context.seat.bot.id;
  const world = conversation.guild && context.seat.worlds.worldOf(conversation.guild.world.guild.id);
  const wire = {
    ...wireMessage(message, botId),
    ...(world === undefined ? {} : threadOf(world, message)),
  };
  const mayRead = (context.application.intentsAllowed & GatewayIntent.MessageContent) !== 0;
  return mayRead || conversation.isDirect ? wire : withoutContent(wire, botId);
}
