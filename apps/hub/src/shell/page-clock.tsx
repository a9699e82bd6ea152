/**
 * One timer for every label of the page that grows older. A label renders again only when its text changes, so a
 * thousand of them cost a thousand short strings every ten seconds.
 */
import { useHubClient } from "@guildwire/client/react";
import { createContext, type ReactNode, useContext, useState, useSyncExternalStore } from "react";
import { elapsedText } from "./elapsed-text.ts";

const TICK_MS = 10_000;

type Subscribe = (listener: () => void) => () => void;

const PageClockContext = createContext<Subscribe>(() => () => undefined);

export function PageClock({ children }: { readonly children: ReactNode }) {
  const [subscribe] = useState(tickingWhileHeard);
  return <PageClockContext value={subscribe}>{children}</PageClockContext>;
}

function tickingWhileHeard(): Subscribe {
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  return (listener) => {
    listeners.add(listener);
    timer ??= setInterval(() => {
      for (const tell of listeners) tell();
    }, TICK_MS);
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  };
}

/** Empty in the server's HTML: how long ago something was is the browser's to say. */
export function useElapsed(sinceMs: number): string {
  const client = useHubClient();
  return useSyncExternalStore(
    useContext(PageClockContext),
    () => elapsedText(client.now() - sinceMs),
    () => "",
  );
}
