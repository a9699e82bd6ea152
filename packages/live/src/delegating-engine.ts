/**
 * An engine in which some methods are replaced. Every other call goes to `engine` itself, so an engine that is a class
 * keeps its prototype's methods and its `this`, which a spread would lose.
 */
import type { TopicEngine } from "./topic-engine.ts";

export function delegatingEngine(engine: TopicEngine, replaced: Partial<TopicEngine>): TopicEngine {
  const own: TopicEngine = {
    capabilities: engine.capabilities,
    commit: (commit) => engine.commit(commit),
    load: (topic) => engine.load(topic),
    since: (topic, position) => engine.since(topic, position),
    chain: (topic, position) => engine.chain(topic, position),
    loadSource: (source) => engine.loadSource(source),
    listSources: () => engine.listSources(),
    listen: (listener) => engine.listen(listener),
    subscribe: (topic, listener) => engine.subscribe(topic, listener),
    once: (key, ttlMs) => engine.once(key, ttlMs),
    close: () => engine.close(),
  };
  return Object.assign(own, replaced);
}
