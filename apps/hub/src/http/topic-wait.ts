/**
 * Waiting for a topic to change: the member of a feed that a long poll is. It hears of changes from before it looks,
 * so nothing falls between the two, and it is woken by the feed's window: a burst is one answer.
 */
import type { Clock } from "@guildwire/runtime";
import type { FeedMember } from "../sockets/topic-feed.ts";
import type { TopicFeeds } from "../sockets/topic-feeds.ts";

export type WaitEnd = "changed" | "timedOut" | "cancelled";

export interface TopicWait {
  /** Settles at the next change since the last call, and at once when it has ended already. */
  next(): Promise<WaitEnd>;
  cancel(): void;
  /** Must be called. */
  leave(): void;
}

export function waitForTopic(topic: string, feeds: TopicFeeds, clock: Clock, waitMs: number): TopicWait {
  let news = Promise.withResolvers<WaitEnd>();
  let end: WaitEnd | undefined;
  const wake = (): void => news.resolve("changed");
  const finish = (why: WaitEnd): void => {
    end ??= why;
    news.resolve(why);
  };
  const member: FeedMember = {
    takeFrame: wake,
    takeNotice: () => undefined,
    topicChanged: wake,
    readAgain: wake,
    topicBroken: wake,
  };
  const cancelTimer = clock.after(waitMs, () => finish("timedOut"));
  feeds.of(topic).startReading(member);
  return {
    async next() {
      const why = await news.promise;
      news = Promise.withResolvers();
      if (end !== undefined) news.resolve(end);
      return end ?? why;
    },
    cancel: () => finish("cancelled"),
    leave() {
      cancelTimer();
      feeds.leave(topic, member);
    },
  };
}
