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
  /** Sends the members of the source's topics when it was last received. */
  tellFresh(source: string): void;
  count(): number;
  /** Subscriptions to all of them. */
  memberCount(): number;
  close(): void;
}

export interface TopicFeedsParts {
  readonly engine: TopicEngine;
  readonly clock: Clock;
  readonly metrics: HubMetrics;
  /** `undefined`: the topic has no source. */
  readonly sourceOf?: (topic: string) => string | undefined;
  /** When a source was last received. */
  readonly seenOf?: (source: string) => Seen | undefined;
}

export function createTopicFeeds(parts: TopicFeedsParts): TopicFeeds {
  const { engine, clock, metrics, sourceOf = () => undefined, seenOf = () => undefined } = parts;
  const feeds = new Map<string, TopicFeed>();
  const unsubscribe = new Map<string, () => void>();
  const ofSource = new Map<string, Set<TopicFeed>>();

  function open(topic: string): TopicFeed {
    const source = sourceOf(topic);
    const seen = (): Seen | undefined => (source === undefined ? undefined : seenOf(source));
    const feed = createTopicFeed({ topic, engine, clock, metrics, seen });
    unsubscribe.set(
      topic,
      engine.subscribe(topic, (committed) => feed.committed(committed)),
    );
    feeds.set(topic, feed);
    if (source === undefined) return feed;
    const siblings = ofSource.get(source) ?? new Set<TopicFeed>();
    ofSource.set(source, siblings.add(feed));
    return feed;
  }

  return {
    of(topic) {
      return feeds.get(topic) ?? open(topic);
    },
    leave(topic, member) {
      const feed = feeds.get(topic);
      if (feed?.leave(member) !== true) return;
      unsubscribe.get(topic)?.();
      unsubscribe.delete(topic);
      feed.close();
      feeds.delete(topic);
      const source = sourceOf(topic);
      const siblings = source === undefined ? undefined : ofSource.get(source);
      siblings?.delete(feed);
      if (source !== undefined && siblings?.size === 0) ofSource.delete(source);
    },
    tick() {
      for (const feed of feeds.values()) feed.tick();
    },
    tellFresh(source) {
      for (const feed of ofSource.get(source) ?? []) feed.tellFresh();
    },
    count: () => feeds.size,
    memberCount: () => feeds.values().reduce((sum, feed) => sum + feed.memberCount(), 0),
    close() {
      for (const end of unsubscribe.values()) end();
      for (const feed of feeds.values()) feed.close();
      feeds.clear();
    },
  };
}
