/** `GET /api/health`: what the hub knows of itself, for people and for monitors. */
import type { MetaValue, TopicEngine, VoiceValue } from "@guildwire/live";
import type { Clock } from "../clock.ts";
import type { Intake } from "../intake/intake.ts";
import type { BrowserSockets } from "../sockets/browser-sockets.ts";
import type { TopicFeeds } from "../sockets/topic-feeds.ts";
import { stateTopic } from "../views/view.ts";
import { META_KEY } from "../voice-topic/voice-values.ts";

export interface HealthParts {
  readonly engine: TopicEngine;
  readonly intake: Intake;
  readonly sockets: BrowserSockets;
  readonly feeds: TopicFeeds;
  readonly clock: Clock;
  readonly version: string;
  readonly startedAtMs: number;
  readonly isStoreFailing: () => boolean;
}

export interface Health {
  readonly status: "ok" | "closing";
  readonly timestamp: string;
  readonly version: string;
  readonly uptimeMs: number;
  /** `failing`: deliveries are answered 503; browsers are served from what is known. */
  readonly store: "ok" | "failing";
  readonly sockets: number;
  /** Topics that somebody is subscribed to here. */
  readonly topics: number;
  readonly sources: readonly SourceHealth[];
}

export interface SourceHealth {
  readonly source: string;
  readonly epoch: string;
  readonly seq: number;
  /** As browsers see it; `null` before the first snapshot. */
  readonly status: MetaValue["source"]["status"] | null;
  /** Unix ms of the last accepted delivery, by this process or one before; `null` = not known. */
  readonly lastHeardMs: number | null;
}

export async function readHealth(parts: HealthParts, isClosing: boolean): Promise<Health> {
  const { engine, intake, sockets, feeds, clock, version, startedAtMs, isStoreFailing } = parts;
  const records = await engine.listSources();
  return {
    status: isClosing ? "closing" : "ok",
    timestamp: new Date(clock.nowMs()).toISOString(),
    version,
    uptimeMs: clock.nowMs() - startedAtMs,
    store: isStoreFailing() ? "failing" : "ok",
    sockets: sockets.count(),
    topics: feeds.count(),
    sources: await Promise.all(
      records.map(
        async ({ source, cursor }): Promise<SourceHealth> => ({
          source,
          epoch: cursor.epoch,
          seq: cursor.seq,
          status: await readStatus(engine, source),
          lastHeardMs: intake.lastHeardMs(source) ?? null,
        }),
      ),
    ),
  };
}

async function readStatus(engine: TopicEngine, source: string): Promise<SourceHealth["status"]> {
  const { entries } = await engine.load(stateTopic(source));
  const meta = entries.find(([key]) => key === META_KEY)?.[1] as VoiceValue | undefined;
  return (meta as MetaValue | undefined)?.source.status ?? null;
}
