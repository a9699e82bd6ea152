/** Ages that grow on the page's own clock, whatever comes over the network. One timer for all of them. */
import { useHubClient } from "@guildwire/client/react";
import { useSyncExternalStore } from "react";
import type { FreshnessAge, FreshnessFacts } from "./freshness.ts";
import { ageText, type Silence, silenceAt } from "./silence.ts";

const TICK_MS = 500;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const notify of listeners) notify();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The facts, and which hop is silent now. Renders again only when that is another. */
export function useFreshnessFacts(facts: Omit<FreshnessFacts, "silence" | "hubMs">): FreshnessFacts {
  const client = useHubClient();
  const { seen } = facts;
  const silence = useSyncExternalStore(
    subscribe,
    () => silenceAt({ hubMs: client.receivedMs(), seen }, client.now()),
    (): Silence => "none",
  );
  return { ...facts, silence, hubMs: silence === "hub" ? client.receivedMs() : null };
}

/** A browser's translation must not touch it: it replaces texts, and a replaced one no longer changes. */
export function Age({ sinceMs, before, after = "", young = "" }: FreshnessAge) {
  const client = useHubClient();
  const age = useSyncExternalStore(
    subscribe,
    () => ageText(client.now() - sinceMs),
    () => "",
  );
  const text = age === "" ? young : `${before}${age}${after}`;
  return text === "" ? null : (
    <span data-age={age} key={text} translate="no">
      {text}
    </span>
  );
}
