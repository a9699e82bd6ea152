/**
 * `GET /card/<guild>.svg` and `GET /card/<guild>/<room>.svg`: the rooms as a picture, for places that run no script.
 * Whatever is asked, the answer is a picture; one that says why when there is nothing else to show.
 *
 * A card says to the minute when it was drawn, so its tag is one of what was drawn and not of the topic's position.
 * Proxies may keep it for `SHARED_S`; whoever shows it asks each time (`max-age=0`), as GitHub's proxy needs to be told.
 */
import { createHash } from "node:crypto";
import { voiceTopic } from "@guildwire/client/rooms";
import type { TopicAdmission } from "@guildwire/live";
import type { Clock } from "@guildwire/runtime";
import { isHeld } from "../../../http/entity-tag.ts";
import { READ, type Route } from "../../../http/route-table.ts";
import type { TopicReader, TopicReading } from "../../../http/topic-reader.ts";
import type { HubMetrics } from "../../../hub-metrics.ts";
import { sentence } from "../../../shell/sentence.ts";
import { type CardOptions, readCardOptions } from "./card-options.ts";
import { guildCard } from "./guild-card.ts";
import { type Notice, noticeCard } from "./notice-card.ts";
import { roomCard } from "./room-card.ts";

const SHARED_S = 30;
const MINUTE_MS = 60_000;
/** Cards kept of one position of a topic; at the bound the oldest is drawn again when it is wanted. */
const DRAWN_KEPT_MAX = 32;
const SNOWFLAKE = /^\d{1,20}$/;

export interface CardParts {
  readonly reader: TopicReader;
  readonly clock: Clock;
  readonly metrics: HubMetrics;
  /** What anyone may have. */
  readonly admitTopic: (topic: string) => TopicAdmission;
}

interface Drawn {
  readonly svg: Uint8Array<ArrayBuffer>;
  readonly tag: string;
}

interface Asked {
  readonly guildId: string;
  /** `undefined` = the whole server. */
  readonly roomId: string | undefined;
  readonly view: string;
  readonly options: CardOptions;
}

type Outcome = "card" | "not_modified" | "bad_request" | "forbidden" | "unknown" | "unavailable";

export function cardRoute({ reader, clock, metrics, admitTopic }: CardParts): Route {
  const drawnOf = new WeakMap<TopicReading, Map<string, Drawn>>();

  function counted(outcome: Outcome, answer: Response): Response {
    metrics.roadAnswers.at("card", outcome).add();
    return answer;
  }

  function refused(outcome: Outcome, status: number, notice: Notice, options?: CardOptions): Response {
    const svg = Buffer.from(noticeCard(notice, clock.wallMs(), options));
    return counted(outcome, picture(svg, status, headersOf("no-store")));
  }

  function draw(reading: TopicReading, { roomId, options }: Asked): Drawn | undefined {
    const minute = Math.floor(clock.wallMs() / MINUTE_MS);
    const drawn = drawnOf.get(reading) ?? new Map<string, Drawn>();
    drawnOf.set(reading, drawn);
    const key = JSON.stringify([roomId, options, minute]);
    const known = drawn.get(key);
    if (known !== undefined) return known;
    const view = reading.rooms();
    const room = roomId === undefined ? undefined : view.rooms.get(roomId);
    if (roomId !== undefined && room === undefined) return undefined;
    const atMs = minute * MINUTE_MS;
    const svg = Buffer.from(
      room === undefined ? guildCard(view, options, atMs) : roomCard(view, room, options, atMs),
    );
    const tag = `"${createHash("sha256").update(svg).digest("base64url").slice(0, 22)}"`;
    const oldest = drawn.keys().next();
    if (drawn.size >= DRAWN_KEPT_MAX && oldest.done === false) drawn.delete(oldest.value);
    drawn.set(key, { svg, tag });
    return { svg, tag };
  }

  async function answer(request: Request, asked: Asked): Promise<Response> {
    const { guildId, roomId, view, options } = asked;
    const topic = voiceTopic(guildId, view);
    const admission = admitTopic(topic);
    if (!admission.ok) {
      return admission.code === "forbidden"
        ? refused(
            "forbidden",
            403,
            { label: "not public", title: "This view is not open", text: `${sentence(admission.message)}.` },
            options,
          )
        : refused(
            "unknown",
            404,
            {
              label: "not found",
              title: "No such view here",
              text: `There is no view “${view}” on this hub. Leave ?view= out for the public one.`,
            },
            options,
          );
    }
    let reading: TopicReading;
    try {
      reading = await reader.read(topic);
    } catch {
      return refused("unavailable", 503, UNREADABLE, options);
    }
    if (!reading.isWritten) return refused("unknown", 404, unknownGuild(guildId), options);
    const drawn = draw(reading, asked);
    if (drawn === undefined) return refused("unknown", 404, unknownRoom(String(roomId)), options);
    const headers = { ...headersOf(CACHED), etag: drawn.tag };
    if (isHeld(request, drawn.tag))
      return counted("not_modified", new Response(null, { status: 304, headers }));
    return counted("card", picture(drawn.svg, 200, headers));
  }

  return {
    path: /^\/card\/([^/]+?)(?:\/([^/]+?))?\.svg$/,
    methods: READ,
    async answer(request, [guildId = "", roomId = ""]) {
      const query = new URL(request.url).searchParams;
      const read = readCardOptions(query);
      if (!read.ok) {
        const text = `${sentence(read.problems.join("; "))}.`;
        return refused("bad_request", 400, { label: "mistake", title: "This card’s address", text });
      }
      const { options } = read;
      if (!SNOWFLAKE.test(guildId)) return refused("unknown", 404, unknownGuild(guildId), options);
      if (roomId !== "" && !SNOWFLAKE.test(roomId))
        return refused("unknown", 404, unknownRoom(roomId), options);
      const view = query.get("view") ?? "public";
      return await answer(request, { guildId, roomId: roomId === "" ? undefined : roomId, view, options });
    },
  };
}

const CACHED = `public, max-age=0, s-maxage=${SHARED_S}, stale-while-revalidate=${SHARED_S}`;

function headersOf(cacheControl: string): Record<string, string> {
  return {
    "cache-control": cacheControl,
    // Opened as a document it may run and load nothing.
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    // Any page may show it; none may read it.
    "cross-origin-resource-policy": "cross-origin",
    "x-robots-tag": "noindex",
  };
}

function picture(svg: Uint8Array<ArrayBuffer>, status: number, headers: Record<string, string>): Response {
  const ofBody = { "content-type": "image/svg+xml; charset=utf-8", "content-length": String(svg.byteLength) };
  return new Response(svg, { status, headers: { ...headers, ...ofBody } });
}

const UNREADABLE: Notice = {
  label: "unavailable",
  title: "Voice rooms",
  text: "The hub cannot read its store right now. Look again in a moment.",
};

function unknownGuild(id: string): Notice {
  return {
    label: "not found",
    title: "No such server here",
    text: `No worker has delivered anything for the server ${id} yet. Check the id in this picture’s address, and that the worker runs.`,
  };
}

function unknownRoom(id: string): Notice {
  return {
    label: "not found",
    title: "No such room here",
    text: `The room ${id} is not in this view of the server: it may have been deleted, or hidden by the operator.`,
  };
}
