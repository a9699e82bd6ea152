import { isSnowflake } from "@guildwire/discord-wire";
import { type Emoji, emojiOf, type Message, reactionOf } from "../../world/chat/message.ts";
import { Permission } from "../../world/permission.ts";
import { wireUser } from "../../world/wire-people.ts";
import { limitOf } from "../form.ts";
import { NO_CONTENT, type RestAnswer, success } from "../rest-answer.ts";
import { failure } from "../rest-error.ts";
import type { Call, Route } from "../route.ts";
import { type Conversation, inConversation } from "./conversation.ts";
import { withMessage } from "./shown-message.ts";

/** One in a quarter of a second for all of them together: the strictest bucket there is. */
const BUCKET = { name: "reactions", calls: 1, windowMs: 250 };
const ALL = "/channels/:channel/messages/:message/reactions";

/** Reactions to messages. */
export const REACTION_ROUTES: readonly Route[] = [
  {
    operation: "add_my_message_reaction",
    method: "PUT",
    path: `${ALL}/:emoji/@me`,
    bucket: BUCKET,
    answer: inConversation((conversation, call) =>
      withEmoji(conversation, call, (message, emoji) => addOwn(conversation, call, message, emoji)),
    ),
  },
  {
    operation: "delete_my_message_reaction",
    method: "DELETE",
    path: `${ALL}/:emoji/@me`,
    bucket: BUCKET,
    answer: inConversation((conversation, call) =>
      withEmoji(conversation, call, (message, emoji) => {
        conversation.react(message, emoji, textOf(call), false);
        return NO_CONTENT;
      }),
    ),
  },
  {
    operation: "delete_user_message_reaction",
    method: "DELETE",
    path: `${ALL}/:emoji/:user`,
    bucket: BUCKET,
    answer: inConversation((conversation, call) =>
      withEmoji(conversation, call, (message) => {
        const { user } = call.parameters;
        if (!isSnowflake(user)) return failure("UnknownUser");
        return managed(conversation, () => conversation.unreact(message, user, textOf(call)));
      }),
    ),
  },
  {
    operation: "delete_all_message_reactions_by_emoji",
    method: "DELETE",
    path: `${ALL}/:emoji`,
    bucket: BUCKET,
    answer: inConversation((conversation, call) =>
      withEmoji(conversation, call, (message) =>
        managed(conversation, () => conversation.clear(message, textOf(call))),
      ),
    ),
  },
  {
    operation: "delete_all_message_reactions",
    method: "DELETE",
    path: ALL,
    bucket: BUCKET,
    answer: inConversation((conversation, call) =>
      withMessage(conversation, call, (message) =>
        managed(conversation, () => conversation.clear(message, undefined)),
      ),
    ),
  },
  {
    operation: "list_message_reactions_by_emoji",
    method: "GET",
    path: `${ALL}/:emoji`,
    answer: inConversation((conversation, call) =>
      withEmoji(conversation, call, (message, emoji) => listPeople(call, message, emoji)),
    ),
  },
];

const PEOPLE_PER_PAGE = { most: 100, usual: 25 };

/** ADD_REACTIONS is needed for a new emoji only, READ_MESSAGE_HISTORY always. */
function addOwn(conversation: Conversation, call: Call, message: Message, emoji: Emoji): RestAnswer {
  const needed = reactionOf(message, emoji) === undefined ? Permission.AddReactions : 0n;
  if (!conversation.may(needed | Permission.ReadMessageHistory)) return failure("MissingPermissions");
  const outcome = conversation.react(message, emoji, textOf(call), true);
  return outcome.ok ? NO_CONTENT : failure("TooManyReactions");
}

function managed(conversation: Conversation, act: () => unknown): RestAnswer {
  if (conversation.isDirect) return failure("DirectOnly");
  if (!conversation.may(Permission.ManageMessages)) return failure("MissingPermissions");
  act();
  return NO_CONTENT;
}

function listPeople({ request, context }: Call, message: Message, emoji: Emoji): RestAnswer {
  const page = limitOf(request.query, PEOPLE_PER_PAGE);
  if (!page.ok) return page.answer;
  const after = request.query.get("after");
  const people = (reactionOf(message, emoji)?.userIds ?? [])
    .toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))
    .filter((id) => !isSnowflake(after) || BigInt(id) > BigInt(after))
    .slice(0, page.limit);
  const { worlds } = context.seat;
  return success(
    people.flatMap((id) => {
      const member = worlds.memberAnywhere(id);
      return member === undefined ? [] : [wireUser(member)];
    }),
  );
}

function withEmoji(
  conversation: Conversation,
  call: Call,
  answer: (message: Message, emoji: Emoji) => RestAnswer,
): RestAnswer {
  return withMessage(conversation, call, (message) => {
    const emoji = emojiOf(textOf(call));
    return emoji === undefined ? failure("UnknownEmoji") : answer(message, emoji);
  });
}

/** The emoji of the path, decoded. */
function textOf(call: Call): string {
  return call.parameters["emoji"] ?? "";
}
