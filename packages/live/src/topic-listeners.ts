/** Who listens to an engine: to everything that it commits, or to one topic. For implementations of `TopicEngine`. */
import type { CommittedDelta, TopicListener } from "./topic-engine.ts";

export interface TopicListeners {
  /** Returns what ends the listening. */
  listen(listener: TopicListener): () => void;
  /** Returns what ends the subscription. */
  subscribe(topic: string, listener: TopicListener): () => void;
  emit(committed: CommittedDelta): void;
  clear(): void;
}

export function createTopicListeners(): TopicListeners {
  const all = new Set<TopicListener>();
  const byTopic = new Map<string, Set<TopicListener>>();
  return {
    listen(listener) {
      all.add(listener);
      return () => void all.delete(listener);
    },
    subscribe(topic, listener) {
      const ofTopic = byTopic.get(topic) ?? new Set<TopicListener>();
      byTopic.set(topic, ofTopic.add(listener));
      return () => {
        ofTopic.delete(listener);
        if (ofTopic.size === 0 && byTopic.get(topic) === ofTopic) byTopic.delete(topic);
      };
    },
    emit(committed) {
      for (const listener of all) listener(committed);
      for (const listener of byTopic.get(committed.topic) ?? []) listener(committed);
    },
    clear() {
      all.clear();
      byTopic.clear();
    },
  };
}
