/** How true a card is, in words that need no script to stay true: a picture may be looked at much later. */
import type { SourceStatus } from "@guildwire/client/rooms";

export interface CardFreshness {
  readonly tone: "live" | "wait" | "warn" | "bad";
  readonly label: string;
}

export function cardFreshness(
  source: { readonly status: SourceStatus; readonly since: number; readonly reason?: string } | null,
): CardFreshness {
  if (source === null) return { tone: "wait", label: "no word yet" };
  switch (source.status) {
    case "live":
      return { tone: "live", label: "live" };
    case "resync":
      return source.reason === "discord_silent"
        ? { tone: "warn", label: `Discord silent since ${utcTime(source.since)}` }
        : { tone: "wait", label: "catching up" };
    case "stale":
      return { tone: "warn", label: `stale since ${utcTime(source.since)}` };
    case "outage":
      return { tone: "warn", label: `Discord outage since ${utcTime(source.since)}` };
    case "gone":
      return { tone: "bad", label: "bot has left" };
    default:
      return source.status satisfies never;
  }
}

/** `14:05 UTC`: the reader's time zone is not known. */
export function utcTime(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(11, 16)} UTC`;
}
