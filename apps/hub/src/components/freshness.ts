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
}

interface Facts {
  readonly status: HubStatus;
  readonly sync: TopicSync;
  readonly source: VoiceRoomsView["source"];
  readonly latencyMs: number | null;
}

/** Attempts in a row after which it is no hiccup any more. */
const UNREACHABLE_AFTER = 4;

export function freshness(facts: Facts): Freshness {
  return ofConnection(facts.status) ?? ofCopy(facts.sync) ?? ofSource(facts);
}

function said(tone: Freshness["tone"], label: string, since: number | null = null): Freshness {
  return { tone, label, since };
}

function ofConnection(status: HubStatus): Freshness | undefined {
  switch (status.name) {
    case "live":
      return undefined;
    case "idle":
      return said("wait", "connecting…");
    case "connecting":
      return status.failures < UNREACHABLE_AFTER
        ? said("wait", "connecting…")
        : said("down", "server unreachable", status.since);
    case "reconnecting":
      return status.failures < UNREACHABLE_AFTER
        ? said("wait", "reconnecting…")
        : said("down", "server unreachable", status.since);
    case "catchingUp":
      return said("wait", "catching up");
    case "offline":
      return said("down", "you are offline", status.since);
    case "stuck":
      return said("stale", "out of step, trying again");
    case "stopped":
      return said("down", status.reason);
    default:
      return status satisfies never;
  }
}

function ofCopy(sync: TopicSync): Freshness | undefined {
  switch (sync.name) {
    case "following":
      return undefined;
    case "waiting":
    case "behind":
      return said("wait", "catching up");
    case "stuck":
      return said("stale", "out of step, trying again");
    case "refused":
      return said("down", sync.message);
    default:
      return sync satisfies never;
  }
}

function ofSource({ source, latencyMs }: Facts): Freshness {
  if (source === null) return said("wait", "catching up");
  switch (source.status) {
    case "live":
      return said("live", latencyMs === null ? "live" : `live · ${latencyText(latencyMs)}`);
    case "resync":
      return said("wait", "catching up with Discord");
    case "stale":
      return said("stale", "stale since", source.since);
    case "outage":
      return said("stale", "Discord outage since", source.since);
    case "gone":
      return said("down", "the bot has left this server");
    default:
      return source.status satisfies never;
  }
}

function latencyText(latencyMs: number): string {
  return latencyMs < 10_000 ? `${latencyMs} ms` : `${Math.round(latencyMs / 1_000)} s`;
}
