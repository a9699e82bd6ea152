import { isSnowflake } from "@guildwire/discord-wire";
import { endPoll } from "../../world/chat/poll-change.ts";
import { wireUser } from "../../world/wire-people.ts";
import { limitOf } from "../form.ts";
import { type RestAnswer, success } from "../rest-answer.ts";
import { failure } from "../rest-error.ts";
import type { Call, Route } from "../route.ts";
import { type Conversation, inConversation } from "./conversation.ts";
import { shown, withMessage } from "./shown-message.ts";

/** Who voted in a poll, and its end. */
export const POLL_ROUTES: readonly Route[] = [
  {
    operation: "get_answer_voters",
    method: "GET",
    path: "/channels/:channel/polls/:message/answers/:answer",
    answer: inConversation(listVoters),
  },
  {
    operation: "poll_expire",
    method: "POST",
    path: "/channels/:channel/polls/:message/expire",
    answer: inConversation(expire),
  },
];

function listVoters(conversation: Conversation, call: Call): RestAnswer {
  const { request, context, parameters } = call;
  const page = limitOf(request.query, { most: 100, usual: 25 });
  if (!page.ok) return page.answer;
  return withMessage(conversation, call, ({ more }) => {
    const answer = more?.poll?.answers[Number(parameters["answer"]) - 1];
    if (answer === undefined) return failure("NoPoll");
    const after = request.query.get("after");
    const voters = answer.voterIds
      .toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))
      .filter((id) => !isSnowflake(after) || BigInt(id) > BigInt(after))
      .slice(0, page.limit);
    const people = voters.flatMap((id) => context.seat.worlds.memberAnywhere(id) ?? []);
    return success({ users: people.map(wireUser) });
  });
}

function expire(conversation: Conversation, call: Call): RestAnswer {
  const { seat } = call.context;
  return withMessage(conversation, call, (message) => {
    const { guild, channelId } = conversation;
    const poll = message.more?.poll;
    if (poll === undefined || guild === undefined) return failure("NoPoll");
    if (message.author.id !== seat.bot.id) return failure("NotTheAuthor");
    if (poll.isFinal) return failure("PollExpired");
    seat.change(guild.world.guild.id, (world, atMs) =>
      endPoll(world, { channelId, messageId: message.id }, atMs),
    );
    const ended = conversation.messages().find(({ id }) => id === message.id) ?? message;
    return success(shown(ended, conversation, call.context));
  });
}
