/**
 * How much of the page is true now, in one line. The connection is asked first, then the copy, then what the hub
 * knows of Discord: the page is as fresh as the weakest of the three.
 */
import type { HubStatus, Seen, TopicSync, VoiceRoomsView } from "@guildwire/client";
import { asOfMs, type Silence } from "./silence.ts";

export interface Freshness {
  readonly tone: "live" | "wait" | "stale" | "down";
  readonly label: string;
  /** Unix ms from which on the page is not live, to be shown after the label. */
  readonly since: number | null;
  /** An age after the label, which grows by itself; Unix ms of the hub's clock. */
  readonly age: FreshnessAge | null;
  /** What it means for the reader, where it lasts: one or two sentences. */
  readonly meaning: string | null;
}

export interface FreshnessAge {
  readonly sinceMs: number;
  readonly before: string;
  readonly after?: string;
  /** Instead of an age of less than three seconds. */
  readonly young?: string;
}

export interface FreshnessFacts {
  readonly status: HubStatus;
  readonly sync: TopicSync;
  readonly source: VoiceRoomsView["source"];
  readonly latencyMs: number | null;
  /** When the hops were last received; `null` where the hub has not said. */
  readonly seen: Seen | null;
  /** The hop that has been silent for too long. */
  readonly silence: Silence;
  /** When anything last came from the hub, by its clock; `null` without a connection. */
  readonly hubMs: number | null;
}

/** Attempts in a row after which it is no hiccup any more. */
const UNREACHABLE_AFTER = 4;

export function freshness(facts: FreshnessFacts): Freshness {
  return ofConnection(facts.status) ?? ofCopy(facts.sync) ?? ofSilence(facts) ?? ofSource(facts);
}

function said(
  tone: Freshness["tone"],
  label: string,
  since: number | null = null,
  meaning: string | null = null,
): Freshness {
  return { tone, label, since, age: null, meaning };
}

/** The connection is open, and yet nothing comes. */
function ofSilence({ silence, seen, hubMs, source }: FreshnessFacts): Freshness | undefined {
  if (silence === "hub" && hubMs !== null) {
    return {
      ...said(
        "stale",
        "server silent",
        null,
        "This site’s server sends nothing. People may have come and gone since.",
      ),
      age: { sinceMs: hubMs, before: " for " },
    };
  }
  // What the worker last said of the others, an outage for one, says more.
  if (silence !== "worker" || seen === null || source?.status !== "live") return undefined;
  return {
    ...said("stale", "worker silent", null, WORKER_SILENT),
    age: { sinceMs: seen.workerMs, before: " for " },
  };
}

const WORKER_SILENT =
  "The worker that listens to Discord for this page sends nothing. People may have come and gone since then.";

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

function ofSource({ source, latencyMs, seen }: FreshnessFacts): Freshness {
  if (source === null) return said("wait", "catching up");
  switch (source.status) {
    case "live":
      return live(latencyMs, seen);
    case "resync":
      if (source.reason === "discord_silent") {
        return {
          ...said("stale", "Discord silent", null, DISCORD_SILENT),
          age: { sinceMs: source.since, before: " for " },
        };
      }
      return said("wait", "catching up with Discord");
    case "stale":
      return said("stale", "worker silent, stale since", seen?.workerMs ?? source.since, WORKER_SILENT);
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
        "The bot was removed from this server, so nobody knows who is in voice.",
      );
    default:
      return source.status satisfies never;
  }
}

/** From the third second on a live page says how old it is; before that, how long the last change took. */
function live(latencyMs: number | null, seen: Seen | null): Freshness {
  const young = latencyMs === null ? "" : ` · ${latencyText(latencyMs)}`;
  if (seen === null) return said("live", `live${young}`);
  return { ...said("live", "live"), age: { sinceMs: asOfMs(seen), before: " · ", after: " ago", young } };
}

const DISCORD_SILENT =
  "The connection to Discord is open, and Discord does not answer on it. People may have come and gone since then.";

function latencyText(latencyMs: number): string {
  return latencyMs < 10_000 ? `${latencyMs} ms` : `${Math.round(latencyMs / 1_000)} s`;
}
