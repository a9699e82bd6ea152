/** The feeds of this process: one for each topic that somebody here is subscribed to, and no others. */
import type { TopicEngine } from "@guildwire/live";
import type { Clock } from "@guildwire/runtime";
import type { HubMetrics } from "../hub-metrics.ts";
import type { Seen } from "../intake/source-seen.ts";
import { createTopicFeed, type FeedMember, type TopicFeed } from "./topic-feed.ts";

export interface TopicFeeds {
  /** Makes the feed if this is its first member. */
  of(topic: string): TopicFeed;
  leave(topic: string, member: FeedMember): void;
  tick(): void;
  /** Tells who follows the topic when its source was last received. */
  tellFresh(topic: string): void;
  count(): number;
  /** Subscriptions to all of them. */
  memberCount(): number;
  close(): void;
}

/** `seenOf`: when a topic's source was last received. */
export function createTopicFeeds(
  engine: TopicEngine,
  clock: Clock,
  metrics: HubMetrics,
  seenOf: (topic: string) => Seen | undefined = () => undefined,
): TopicFeeds {
  const feeds = new Map<string, TopicFeed>();
  const stopListening = engine.listen((committed) => feeds.get(committed.topic)?.committed(committed));
  return {
    of(topic) {
      const feed =
        feeds.get(topic) ?? createTopicFeed({ topic, engine, clock, metrics, seen: () => seenOf(topic) });
      feeds.set(topic, feed);
      return feed;
    },
    leave(topic, member) {
      const feed = feeds.get(topic);
      if (feed?.leave(member) !== true) return;
      feed.close();
      feeds.delete(topic);
    },
    tick() {
      for (const feed of feeds.values()) feed.tick();
    },
    tellFresh: (topic) => feeds.get(topic)?.tellFresh(),
    count: () => feeds.size,
    memberCount: () => feeds.values().reduce((sum, feed) => sum + feed.memberCount(), 0),
    close() {
      stopListening();
      for (const feed of feeds.values()) feed.close();
      feeds.clear();
    },
  };
}
