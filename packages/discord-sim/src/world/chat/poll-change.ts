import type { Snowflake } from "@guildwire/discord-wire";
import { type Change, changed, refused, visiblyAt } from "../change.ts";
import type { MessageCommand } from "../command.ts";
import type { Dispatch } from "../dispatch.ts";
import { type Place, placeOf, type World } from "../world.ts";
import { type Message, withEdited } from "./message.ts";
import { exchangeMessage, findMessage, postMessage } from "./message-change.ts";
import { type Poll, votesOf, withVote } from "./poll.ts";

/** Votes in polls, and how polls end. Bots cannot vote. */

type Vote = Extract<MessageCommand, { type: "vote" | "unvote" }>;
const POLL_RESULT = 46;

/** One MESSAGE_POLL_VOTE_ADD or _REMOVE per answer. */
export function vote(world: World, command: Vote, atMs: number): Change {
  const found = findPoll(world, command);
  if (!found.ok) return found.refusal;
  const { place, message, poll } = found;
  const { userId, answer, type } = command;
  if (!world.members.has(userId)) return refused("userId", "is not a member");
  if (poll.answers[answer - 1] === undefined) return refused("answer", "does not exist");
  if (poll.isFinal || atMs >= poll.endsAtMs) return refused("messageId", "has a poll that is over");
  const next = withVote(poll, answer, userId, type === "vote");
  const before = votesOf(poll, userId);
  const after = votesOf(next, userId);
  const edited: Message = { ...message, more: { ...message.more, poll: next } };
  return changed(
    { ...world, messages: withEdited(world.messages, edited) },
    ...visiblyAt(
      world,
      place,
      ...before.filter((id) => !after.includes(id)).map((id) => voteEvent(world, message, userId, id, false)),
      ...after.filter((id) => !before.includes(id)).map((id) => voteEvent(world, message, userId, id, true)),
    ),
  );
}

/** Ends a poll: MESSAGE_UPDATE with final results, then the message that tells who won. */
export function endPoll(
  world: World,
  where: { readonly channelId: Snowflake; readonly messageId: Snowflake },
  atMs: number,
): Change {
  const found = findPoll(world, where);
  if (!found.ok) return found.refusal;
  const { place, message, poll } = found;
  if (poll.isFinal) return changed(world);
  const ended: Message = {
    ...message,
    more: { ...message.more, poll: { ...poll, isFinal: true, endsAtMs: Math.min(poll.endsAtMs, atMs) } },
  };
  const exchanged = exchangeMessage(world, place, ended);
  if (!exchanged.ok) return exchanged;
  const reference = {
    type: 0,
    channelId: place.id,
    messageId: message.id,
    guildId: world.guild.id,
  } as const;
  const notice = postMessage(
    exchanged.world,
    {
      channelId: place.id,
      author: message.author,
      content: "",
      mentions: [],
      embeds: [resultEmbed(poll)],
      more: { type: POLL_RESULT, reference },
    },
    atMs,
  );
  return notice.ok ? changed(notice.world, ...exchanged.dispatches, ...notice.dispatches) : notice;
}

/** Polls whose time is up, by channel. */
export function pollsDue(world: World, atMs: number): readonly Message[] {
  return [...world.messages.values()].flatMap((log) =>
    log.filter(({ more }) => more?.poll !== undefined && !more.poll.isFinal && more.poll.endsAtMs <= atMs),
  );
}

type FoundPoll =
  | { readonly ok: true; readonly place: Place; readonly message: Message; readonly poll: Poll }
  | { readonly ok: false; readonly refusal: Change };

function findPoll(
  world: World,
  where: { readonly channelId: Snowflake; readonly messageId: Snowflake },
): FoundPoll {
  const found = findMessage(world, where);
  if (!found.ok) return found;
  const poll = found.message.more?.poll;
  if (poll === undefined) return { ok: false, refusal: refused("messageId", "has no poll") };
  return { ok: true, place: placeOf(world, found.place.id) ?? found.place, message: found.message, poll };
}

function voteEvent(
  world: World,
  message: Message,
  userId: Snowflake,
  answerId: number,
  isOn: boolean,
): Dispatch {
  const d = {
    user_id: userId,
    channel_id: message.channelId,
    message_id: message.id,
    guild_id: world.guild.id,
    answer_id: answerId,
  };
  return isOn ? { t: "MESSAGE_POLL_VOTE_ADD", d } : { t: "MESSAGE_POLL_VOTE_REMOVE", d };
}

/** Discord tells the outcome in the fields of an embed of its own type. */
function resultEmbed(poll: Poll): unknown {
  const total = poll.answers.reduce((sum, { voterIds }) => sum + voterIds.length, 0);
  const ranked = poll.answers
    .map((answer, index) => ({ ...answer, id: index + 1 }))
    .toSorted((a, b) => b.voterIds.length - a.voterIds.length);
  const [first, second] = ranked;
  const isTie = first !== undefined && first.voterIds.length === second?.voterIds.length;
  const fields: Record<string, string> = {
    poll_question_text: poll.question,
    victor_answer_votes: String(first?.voterIds.length ?? 0),
    total_votes: String(total),
    ...(isTie || first === undefined
      ? {}
      : { victor_answer_id: String(first.id), victor_answer_text: first.text }),
  };
  return {
    type: "poll_result",
    fields: Object.entries(fields).map(([name, value]) => ({ name, value, inline: false })),
  };
}
