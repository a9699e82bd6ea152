/**
 * Which hop on the way from Discord to this page has been silent for longer than it ever is while it works: pure. The one
 * nearest to the page is blamed, because nothing is known of what is behind it.
 */
import type { Seen } from "@guildwire/client";

/** What is shown may be this old without a word. */
export const AGE_SHOWN_FROM_MS = 3_000;
/**
 * The worker sends something every 10 s, the hub every 11 s (hub/1, `fresh`); a page need not wait longer than 3 s for
 * either. Discord has no such pace: its silence is what the worker reports.
 */
export const SILENT_FROM_MS = 14_000;

export type Silence = "none" | "hub" | "worker";

export interface Evidence {
  /** When anything last came from the hub, Unix ms of the hub's clock; `null` without a connection. */
  readonly hubMs: number | null;
  readonly seen: Seen | null;
}

export function silenceAt({ hubMs, seen }: Evidence, nowMs: number): Silence {
  // A hub that does not say when it received its source sends nothing but a tick every 25 s.
  if (hubMs === null || seen === null) return "none";
  if (nowMs - hubMs > SILENT_FROM_MS) return "hub";
  return nowMs - seen.workerMs > SILENT_FROM_MS ? "worker" : "none";
}

/** Since when what is shown has not been confirmed, by Discord where that is known, Unix ms. */
export function asOfMs(seen: Seen): number {
  return Math.min(seen.workerMs, seen.discordMs ?? seen.workerMs);
}

/** `7 s`, `4 min`, `3 h`; empty for what is younger than three seconds. */
export function ageText(ageMs: number): string {
  if (ageMs < AGE_SHOWN_FROM_MS) return "";
  const seconds = Math.floor(ageMs / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}
