/** The way of the news, hop by hop, so that a reader sees where it is held up. */
import type { FreshnessFacts } from "./freshness.ts";

export interface Hop {
  readonly name: string;
  readonly tone: "live" | "wait" | "down" | "unknown";
  readonly words: string;
}

export function freshnessTrail(facts: FreshnessFacts): readonly Hop[] {
  return [discordHop(facts), workerHop(facts), hubHop(facts), pageHop(facts)];
}

/** What the hub last said of others counts for nothing while the hub itself is silent. */
function isHubHeard({ status, silence }: FreshnessFacts): boolean {
  return silence !== "hub" && (status.name === "live" || status.name === "catchingUp");
}

function isWorkerHeard({ source, silence }: FreshnessFacts): boolean {
  return silence !== "worker" && source?.status !== "stale";
}

function discordHop(facts: FreshnessFacts): Hop {
  const name = "Discord";
  const { source } = facts;
  if (source === null || !isHubHeard(facts) || !isWorkerHeard(facts))
    return { name, tone: "unknown", words: "not known from here" };
  switch (source.status) {
    case "live":
      return { name, tone: "live", words: "reports every change" };
    case "resync":
      return source.reason === "discord_silent"
        ? { name, tone: "down", words: "does not answer the worker" }
        : { name, tone: "wait", words: "is being asked what was missed" };
    case "stale":
      return { name, tone: "unknown", words: "not known from here" };
    case "outage":
      return { name, tone: "down", words: "has an outage of this server" };
    case "gone":
      return { name, tone: "down", words: "tells the bot nothing any more" };
    default:
      return source.status satisfies never;
  }
}

function workerHop(facts: FreshnessFacts): Hop {
  const name = "The worker";
  if (facts.source === null || !isHubHeard(facts))
    return { name, tone: "unknown", words: "cannot be seen from here" };
  return isWorkerHeard(facts)
    ? { name, tone: "live", words: "reports to this site’s server" }
    : { name, tone: "down", words: "is silent" };
}

function hubHop({ status, silence }: FreshnessFacts): Hop {
  const name = "This site’s server";
  if (silence === "hub") return { name, tone: "down", words: "is connected, and silent" };
  switch (status.name) {
    case "live":
    case "catchingUp":
    case "stuck":
      return { name, tone: "live", words: "is connected" };
    case "idle":
    case "connecting":
    case "reconnecting":
      return { name, tone: "wait", words: "is being called" };
    case "offline":
      return { name, tone: "down", words: "is out of reach: no network" };
    case "stopped":
      return { name, tone: "down", words: "ended the connection" };
    default:
      return status satisfies never;
  }
}

function pageHop({ status, sync, latencyMs }: FreshnessFacts): Hop {
  const name = "This page";
  if (sync.name === "refused") return { name, tone: "down", words: "may not show these rooms" };
  if (sync.name === "stuck") return { name, tone: "wait", words: "fetches a new copy" };
  if (status.name !== "live" || sync.name !== "following")
    return { name, tone: "wait", words: "shows what it had" };
  if (latencyMs === null) return { name, tone: "live", words: "is up to date" };
  return { name, tone: "live", words: `had the latest change ${latencyMs.toLocaleString("en")} ms later` };
}
