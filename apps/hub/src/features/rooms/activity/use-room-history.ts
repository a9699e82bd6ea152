import { useHubClient, useHubStatus } from "@guildwire/client/react";
import { useEffect, useRef, useState } from "react";
import type { RoomHistory } from "../history/room-history.ts";

/** A new point of the plots comes as often. */
const ASK_EVERY_MS = 300_000;
/** Pages that were opened together do not ask together. */
const SPREAD = 0.2;

/**
 * The hub's history, from what came with the page on. It is asked for again as points are added, while somebody looks
 * and the hub is there; what it does not answer changes nothing.
 */
export function useRoomHistory(
  initial: RoomHistory | null,
  ask: () => Promise<RoomHistory | null>,
): RoomHistory | null {
  const [history, setHistory] = useState(initial);
  const client = useHubClient();
  const isLive = useHubStatus().name === "live";
  /** By the hub's clock: the page's may be an hour off. */
  const askedAtMs = useRef(history?.at ?? 0);
  useEffect(() => {
    if (!isLive) return;
    let isGone = false;
    const askIfDue = async (): Promise<void> => {
      if (document.visibilityState !== "visible" || client.now() - askedAtMs.current < ASK_EVERY_MS) return;
      askedAtMs.current = client.now();
      const answer = await ask().catch(() => null);
      if (answer !== null && !isGone) setHistory(answer);
    };
    const onLook = (): void => void askIfDue();
    onLook();
    const timer = setInterval(onLook, ASK_EVERY_MS * (1 + SPREAD * Math.random()));
    document.addEventListener("visibilitychange", onLook);
    return () => {
      isGone = true;
      clearInterval(timer);
      document.removeEventListener("visibilitychange", onLook);
    };
  }, [isLive, ask, client]);
  return history;
}
