/**
 * `GET /api/rt/v1/history/<topic>`: the topic's last day, as in ../history/room-history.ts. Only a commit or the next
 * bucket makes a difference to it, so the tag "e:o:bucket" says whether a reader has it.
 */
import type { Clock } from "@guildwire/runtime";
import { isHeld } from "../../../http/entity-tag.ts";
import { refusalAnswer } from "../../../http/json-answer.ts";
import {
  closedTopic,
  type OpenRoadParts,
  preflightAnswer,
  type RoadHeaders,
  roadHeaders,
  topicInPath,
} from "../../../http/open-road.ts";
import { READ, type Route } from "../../../http/route-table.ts";
import { bucketOf } from "./day.ts";
import type { RoomHistory } from "./room-history.ts";

/** An answer is encoded once for all who ask within this time. */
const TOLD_FOR_MS = 5_000;
const SHORTLY = "public, max-age=5, stale-while-revalidate=30";

export interface HistoryAnswerParts extends Pick<OpenRoadParts, "admitTopic" | "allowsOrigin" | "metrics"> {
  readonly clock: Clock;
  readonly readHistory: (topic: string) => RoomHistory | null;
}

interface Told {
  readonly tag: string;
  /** Monotonic ms. */
  readonly atMs: number;
  readonly body: Uint8Array<ArrayBuffer>;
}

type Result = readonly [outcome: "told" | "not_modified" | "refused" | "unknown", answer: Response];

export function historyRoute({
  admitTopic,
  allowsOrigin,
  metrics,
  clock,
  readHistory,
}: HistoryAnswerParts): Route {
  /** By topic: only of those that have a history, whose number is bounded. */
  const toldLast = new Map<string, Told>();

  function tell(topic: string): Told | undefined {
    const last = toldLast.get(topic);
    if (last !== undefined && clock.monotonicMs() - last.atMs < TOLD_FOR_MS) return last;
    const history = readHistory(topic);
    if (history === null) return undefined;
    const { e, o, at } = history;
    const body = Buffer.from(JSON.stringify(history));
    const told = { tag: `"${e}:${o}:${bucketOf(at)}"`, atMs: clock.monotonicMs(), body };
    toldLast.set(topic, told);
    return told;
  }

  function answerTo(request: Request, topic: string, headers: RoadHeaders): Result {
    const told = tell(topic);
    if (told === undefined) {
      const message = `no history is kept of ${topic}: no worker has delivered anything for it yet, or its view shows no people`;
      return ["unknown", refusalAnswer(404, { code: "unknown_topic", message }, headers)];
    }
    const cached = { ...headers, etag: `W/${told.tag}`, "cache-control": SHORTLY };
    if (isHeld(request, told.tag))
      return ["not_modified", new Response(null, { status: 304, headers: cached })];
    const ofBody = {
      "content-type": "application/json; charset=utf-8",
      "content-length": String(told.body.byteLength),
    };
    return ["told", new Response(told.body, { headers: { ...cached, ...ofBody } })];
  }

  return {
    path: /^\/api\/rt\/v1\/history\/(.+)$/,
    methods: [...READ, "OPTIONS"],
    answer(request, [path = ""]) {
      const headers = roadHeaders(request, allowsOrigin);
      if (request.method === "OPTIONS") return preflightAnswer(headers);
      const topic = topicInPath(path) ?? path;
      const closed = closedTopic(topic, admitTopic, headers);
      const [outcome, answer]: Result =
        closed === undefined ? answerTo(request, topic, headers) : ["refused", closed];
      metrics.roadAnswers.at("history", outcome).add();
      return answer;
    },
  };
}
