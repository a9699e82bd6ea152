/**
 * How much of the page is true now, in one line. The connection is asked first, then the copy, then what the hub
 * knows of Discord: the page is as fresh as the weakest of the three.
 */
import type { HubStatus, TopicSync, VoiceRoomsView } from "@guildwire/client";

export interface Freshness {
  readonly tone: "live" | "wait" | "stale" | "down";
  readonly label: string;
  /** Unix ms from which on the page is not live, to be shown after the label. */
  readonly since: number | null;
  /** What it means for the reader, where it lasts: one or two sentences. */
  readonly meaning: string | null;
}

export interface FreshnessFacts {
  readonly status: HubStatus;
  readonly sync: TopicSync;
  readonly source: VoiceRoomsView["source"];
  readonly latencyMs: number | null;
}

/** Attempts in a row after which it is no hiccup any more. */
const UNREACHABLE_AFTER = 4;

export function freshness(facts: FreshnessFacts): Freshness {
  return ofConnection(facts.status) ?? ofCopy(facts.sync) ?? ofSource(facts);
}

function said(
  tone: Freshness["tone"],
  label: string,
  since: number | null = null,
  meaning: string | null = null,
): Freshness {
  return { tone, label, since, meaning };
}

function ofConnection(status: HubStatus): Freshness | undefined {
  switch (status.name) {
    case "live":
      return undefined;
    case "idle":
      return said("wait", "connecting…");
    case "connecting":
      return status.failures < UNREACHABLE_AFTER ? said("wait", "connecting…") : unreachable(status.since);
    case "reconnecting":
      return status.failures < UNREACHABLE_AFTER ? said("wait", "reconnecting…") : unreachable(status.since);
    case "catchingUp":
      return said("wait", "catching up");
    case "offline":
      return said(
        "down",
        "you are offline",
        status.since,
        "Your device has no network. You see who was here when it was last heard.",
      );
    case "stuck":
      return outOfStep();
    case "stopped":
      return said("down", status.reason, null, "Nothing on this page changes any more.");
    default:
      return status satisfies never;
  }
}

function unreachable(since: number): Freshness {
  return said(
    "down",
    "server unreachable",
    since,
    "The page keeps trying. You see who was here when the server last answered.",
  );
}

function outOfStep(): Freshness {
  return said(
    "stale",
    "out of step, trying again",
    null,
    "This page’s copy did not add up, so it asks for a new one.",
  );
}

function ofCopy(sync: TopicSync): Freshness | undefined {
  switch (sync.name) {
    case "following":
      return undefined;
    case "waiting":
    case "behind":
      return said("wait", "catching up");
    case "stuck":
      return outOfStep();
    case "refused":
      return said("down", sync.message, null, "Nothing on this page changes any more.");
    default:
      return sync satisfies never;
  }
}

function ofSource({ source, latencyMs }: FreshnessFacts): Freshness {
  if (source === null) return said("wait", "catching up");
  switch (source.status) {
    case "live":
      return said("live", latencyMs === null ? "live" : `live · ${latencyText(latencyMs)}`);
    case "resync":
      return said("wait", "catching up with Discord");
    case "stale":
      return said(
        "stale",
        "stale since",
        source.since,
        "Nothing has been heard from Discord. People may have come and gone since then.",
      );
    case "outage":
      return said(
        "stale",
        "Discord outage since",
        source.since,
        "Discord itself cannot say who is in voice. You see who was here when it last could.",
      );
    case "gone":
      return said(
        "down",
        "the bot has left this server",
        null,
        "Nothing new is heard of this server. You see who was here when the bot left.",
      );
    default:
      return source.status satisfies never;
  }
}

function latencyText(latencyMs: number): string {
  return latencyMs < 10_000 ? `${latencyMs} ms` : `${Math.round(latencyMs / 1_000)} s`;
}
