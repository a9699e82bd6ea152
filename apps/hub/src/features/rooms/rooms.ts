/**
 * Live voice rooms, put together: the feature's projection goes to the intake, its routes to the API, and the rest to
 * its pages.
 */
import { type MetaValue, type VoiceEntry, voiceTopic } from "@guildwire/client/rooms";
import type { Position, TopicEngine } from "@guildwire/live";
import type { Clock } from "@guildwire/runtime";
import type { OpenRoadParts } from "../../http/open-road.ts";
import type { Route } from "../../http/route-table.ts";
import type { TopicReader } from "../../http/topic-reader.ts";
import type { HubMetrics } from "../../hub-metrics.ts";
import type { Log } from "../../log.ts";
import type { Views } from "../../views/views.ts";
import { cardRoute } from "./card/card-answer.ts";
import { type OpenTopic, readOpenTopic } from "./embed/open-topic.ts";
import { historyRoute } from "./history/history-answer.ts";
import { createHistoryRecorder } from "./history/history-recorder.ts";
import type { HistoryStore } from "./history/history-store.ts";
import { type HistoryWatch, watchHistory } from "./history/history-watch.ts";
import { keptOf } from "./history/kept-of.ts";
import type { RoomHistory } from "./history/room-history.ts";
import { stateTopic } from "./projection/rooms-topics.ts";
import { statusIn } from "./projection/voice-values.ts";
import { watchSources } from "./source-watch.ts";

/** What the page at `/` is rendered from, and the position to subscribe from. All null until a guild is known. */
export interface VoiceSnapshot {
  readonly guildId: string | null;
  readonly view: string;
  /** The view is open to those with a ticket only. */
  readonly needsTicket: boolean;
  readonly topic: string | null;
  readonly position: Position | null;
  readonly entries: readonly VoiceEntry[];
}

export interface RoomsParts extends Pick<OpenRoadParts, "admitTopic" | "allowsOrigin"> {
  /** For what is recorded. */
  readonly engine: TopicEngine;
  /** What leaves the hub. */
  readonly shown: TopicEngine;
  readonly reader: TopicReader;
  readonly views: Views;
  readonly primaryGuildId: string | undefined;
  /** Of the page at `/`. */
  readonly pageView: string;
  /** Where a page opens its socket, also from a sandboxed frame. */
  readonly socketUrl: string;
  /** `undefined`: histories are kept in memory. May throw. */
  readonly openHistory: () => HistoryStore | undefined;
  readonly isDoubted: (topic: string) => boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: HubMetrics;
}

export interface Rooms {
  /** Cards and histories over HTTP. */
  readonly routes: readonly Route[];
  readonly historyFacts: HistoryWatch["facts"];
  readVoiceSnapshot(): Promise<VoiceSnapshot>;
  readOpenTopic(guildId: string, view: string): Promise<OpenTopic>;
  readHistory(topic: string): RoomHistory | null;
  /** `undefined` before the source's first snapshot. */
  statusOf(source: string): Promise<MetaValue["source"] | undefined>;
  /** Once what is stored has been taken up: the history continues from it. */
  begin(): Promise<void>;
  /** No more is logged of sources. */
  announceClosing(): void;
  /** Lets go of the history's store before it returns. */
  close(): void;
}

/** All topics of a guild that views show. */
export function roomTopicsOf(views: Views, source: string): readonly string[] {
  return views.list.map(({ name }) => voiceTopic(source, name));
}

export function createRooms(parts: RoomsParts): Rooms {
  const { engine, shown, reader, views, clock, log, metrics, admitTopic, allowsOrigin } = parts;
  const stopWatchingSources = watchSources(shown, log);
  const historyWatch = watchHistory(log, metrics, clock);
  const history = createHistoryRecorder({
    engine,
    openStore: parts.openHistory,
    clock,
    watch: historyWatch,
    topicsOf: (source) => roomTopicsOf(views, source),
    isDoubted: parts.isDoubted,
    keptOf: (topic) => keptOf(views, topic),
  });
  const readHistory = (topic: string): RoomHistory | null => history.read(topic) ?? null;

  /** Of the configured guild, else of the one that was delivered first. */
  async function readVoiceSnapshot(): Promise<VoiceSnapshot> {
    const view = parts.pageView;
    const needsTicket = views.get(view)?.access === "ticket";
    const guildId = parts.primaryGuildId ?? (await shown.listSources())[0]?.source;
    if (guildId === undefined) {
      return { guildId: null, view, needsTicket, topic: null, position: null, entries: [] };
    }
    const topic = voiceTopic(guildId, view);
    const { position, entries } = await reader.read(topic);
    // A voice topic has only been written by the projection, which writes these values.
    return { guildId, view, needsTicket, topic, position, entries: entries as readonly VoiceEntry[] };
  }

  return {
    routes: [
      historyRoute({ admitTopic, allowsOrigin, clock, metrics, readHistory }),
      cardRoute({ reader, admitTopic, clock, metrics }),
    ],
    historyFacts: () => historyWatch.facts(),
    readVoiceSnapshot,
    readOpenTopic: (guildId, view) =>
      readOpenTopic(guildId, view, { reader, admitTopic, socketUrl: parts.socketUrl }),
    readHistory,
    statusOf: async (source) => statusIn((await shown.load(stateTopic(source))).entries),
    begin: async () => await history.begin(),
    announceClosing: stopWatchingSources,
    close: () => history.close(),
  };
}
