/** The way of the news, hop by hop, so that a reader sees where it is held up. */
import type { HubStatus } from "@guildwire/client";
import type { FreshnessFacts } from "./freshness.ts";

export interface Hop {
  readonly name: string;
  readonly tone: "live" | "wait" | "down" | "unknown";
  readonly words: string;
}

export function freshnessTrail(facts: FreshnessFacts): readonly Hop[] {
  return [discordHop(facts), hubHop(facts.status), pageHop(facts)];
}

/** What the hub last said of Discord counts for nothing while the hub itself is not heard. */
function discordHop({ source, status }: FreshnessFacts): Hop {
  const name = "Discord";
  if (source === null || (status.name !== "live" && status.name !== "catchingUp"))
    return { name, tone: "unknown", words: "not known from here" };
  switch (source.status) {
    case "live":
      return { name, tone: "live", words: "reports every change" };
    case "resync":
      return { name, tone: "wait", words: "is being asked what was missed" };
    case "stale":
      return { name, tone: "down", words: "has not been heard" };
    case "outage":
      return { name, tone: "down", words: "has an outage of this server" };
    case "gone":
      return { name, tone: "down", words: "tells the bot nothing any more" };
    default:
      return source.status satisfies never;
  }
}

function hubHop(status: HubStatus): Hop {
  const name = "This site’s server";
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
