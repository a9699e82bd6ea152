import type { Snowflake } from "@guildwire/discord-wire";
import type { Emoji } from "./message.ts";

/** A poll of a message. Source: https://discord.com/developers/docs/resources/poll */
export interface Poll {
  readonly question: string;
  /** Numbered from 1 in this order. */
  readonly answers: readonly PollAnswer[];
  readonly endsAtMs: number;
  readonly allowsSeveral: boolean;
  readonly layoutType: number;
  /** Results are exact once it is. */
  readonly isFinal: boolean;
}

export interface PollAnswer {
  readonly text: string;
  readonly emoji: Emoji | undefined;
  readonly voterIds: readonly Snowflake[];
}

export const POLL_LIMITS = {
  question: 300,
  answers: 10,
  answer: 55,
  hours: 32 * 24,
  hoursUsual: 24,
} as const;

/** The poll with somebody's vote put on or taken away; without `allowsSeveral` a new vote replaces the last. */
export function withVote(poll: Poll, answer: number, userId: Snowflake, isOn: boolean): Poll {
  return {
    ...poll,
    answers: poll.answers.map((entry, index) => {
      const others = entry.voterIds.filter((id) => id !== userId);
      if (index + 1 === answer) return { ...entry, voterIds: isOn ? [...others, userId] : others };
      return isOn && !poll.allowsSeveral ? { ...entry, voterIds: others } : entry;
    }),
  };
}

export function votesOf(poll: Poll, userId: Snowflake): readonly number[] {
  return poll.answers.flatMap(({ voterIds }, index) => (voterIds.includes(userId) ? [index + 1] : []));
}

/** `botId` is who asks (`me_voted`). */
export function wirePoll(poll: Poll, botId: Snowflake, isoTime: (atMs: number) => string): unknown {
  return {
    question: { text: poll.question },
    answers: poll.answers.map(({ text, emoji }, index) => ({
      answer_id: index + 1,
      poll_media: { text, ...(emoji === undefined ? {} : { emoji }) },
    })),
    expiry: isoTime(poll.endsAtMs),
    allow_multiselect: poll.allowsSeveral,
    layout_type: poll.layoutType,
    results: {
      is_finalized: poll.isFinal,
      answer_counts: poll.answers.flatMap(({ voterIds }, index) =>
        voterIds.length === 0
          ? []
          : [{ id: index + 1, count: voterIds.length, me_voted: voterIds.includes(botId) }],
      ),
    },
  };
}
