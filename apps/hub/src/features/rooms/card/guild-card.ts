/**
 * A server's voice rooms as an SVG: pure. The rooms with people in them, in Discord's order, up to `roomsMax`; the
 * rest as a sentence. No picture of anyone is loaded: proxies such as GitHub's let none through.
 */
import type { RoomView, VoiceRoomsView } from "@guildwire/client";
import { counted } from "../../../shell/counted.ts";
import { sentence } from "../../../shell/sentence.ts";
import { unknownWords } from "../freshness/unknown.ts";
import { cardFrame, cardText, innerWidth } from "./card-frame.ts";
import { cardFreshness } from "./card-freshness.ts";
import type { CardOptions } from "./card-options.ts";
import { type Drawn, roomCount, roomRow } from "./room-row.ts";
import { fittedText } from "./text-width.ts";
import { cleanLine, element, escaped } from "./xml.ts";

const LINES_PER_ROOM_MAX = 2;
const ROOM_GAP_PX = 12;
const SENTENCE_PX = 22;

/** `atMs`: now, Unix ms. */
export function guildCard(view: VoiceRoomsView, options: CardOptions, atMs: number): string {
  const { showsPeople } = view;
  const rooms = view.categories.flatMap((category) => category.rooms);
  const unknown = unknownWords(view);
  const { subtitle, shown, rest } =
    unknown !== null
      ? { subtitle: "who is in voice is not known", shown: [], rest: unknown }
      : showsPeople
        ? whoIsWhere(view, rooms, options)
        : roomsAlone(rooms, options);
  const title = cleanLine(view.guild?.name ?? "") || "Voice rooms";
  const spoken = shown.map(
    (room) => (cleanLine(room.name) || "Voice room") + (showsPeople ? `: ${roomCount(room)}` : ""),
  );
  const freshness = cardFreshness(view.source);
  return cardFrame({
    head: { emblem: guildEmblem(title), title, subtitle, freshness },
    body: roomsBody(shown, rest, options, showsPeople),
    isMemory: freshness.tone !== "live",
    atMs,
    theme: options.theme,
    widthPx: options.widthPx,
    description: `${subtitle}.${spoken.length === 0 ? "" : ` ${spoken.join(", ")}.`}`,
  });
}

interface Story {
  readonly subtitle: string;
  readonly shown: readonly RoomView[];
  /** What the rooms that are not shown come to. */
  readonly rest: string;
}

function whoIsWhere(view: VoiceRoomsView, rooms: readonly RoomView[], { roomsMax }: CardOptions): Story {
  const occupied = rooms.filter((room) => room.peopleCount > 0);
  const people = counted(view.people.size, "person", "people");
  const shown = occupied.slice(0, roomsMax);
  return {
    subtitle: `${people} in voice · ${occupied.length} of ${counted(rooms.length, "room", "rooms")} in use`,
    shown,
    rest: restOf(rooms, occupied, shown),
  };
}

/** Of a view that shows nobody: to say that nobody is there would be a claim. */
function roomsAlone(rooms: readonly RoomView[], { roomsMax }: CardOptions): Story {
  const more = rooms.length - roomsMax;
  return {
    subtitle: `${counted(rooms.length, "room", "rooms")} · who is in them is not shown`,
    shown: rooms.slice(0, roomsMax),
    rest: more > 0 ? counted(more, "more room", "more rooms") : "",
  };
}

function restOf(
  rooms: readonly RoomView[],
  occupied: readonly RoomView[],
  shown: readonly RoomView[],
): string {
  const hidden = occupied.slice(shown.length);
  const people = hidden.reduce((sum, room) => sum + room.peopleCount, 0);
  const empty = rooms.length - occupied.length;
  const parts = [
    hidden.length > 0
      ? `${counted(hidden.length, "more room", "more rooms")} with ${counted(people, "person", "people")}`
      : "",
    occupied.length === 0 ? "nobody is in voice right now" : "",
    empty > 0 ? `${counted(empty, "room", "rooms")} empty` : "",
  ];
  return sentence(parts.filter((part) => part !== "").join(" · "));
}

function roomsBody(
  rooms: readonly RoomView[],
  rest: string,
  options: CardOptions,
  showsPeople: boolean,
): Drawn {
  const widthPx = innerWidth(options.widthPx);
  const parts: string[] = [
    element("path", { class: "rule", d: `M0 .5h${widthPx}` }),
    element("path", { class: "wire", d: "M0 .5h56" }),
  ];
  let yPx = 14;
  for (const room of rooms) {
    const row = roomRow(room, { widthPx, linesMax: LINES_PER_ROOM_MAX, names: options.names }, showsPeople);
    parts.push(element("g", { transform: `translate(0 ${yPx})` }, row.markup));
    yPx += row.heightPx + ROOM_GAP_PX;
  }
  if (rest !== "") {
    const text = fittedText(rest, 12, widthPx);
    parts.push(cardText(text, { xPx: 0, yPx: yPx + 11, sizePx: 12, color: "soft" }));
    yPx += SENTENCE_PX;
  }
  return { markup: parts.join(""), heightPx: yPx };
}

/** The server's first letter, as on the page when it has no icon. */
export function guildEmblem(name: string): string {
  const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
  const first = [...segmenter.segment(name)][0]?.segment ?? "?";
  return [
    element("rect", { class: "copper", width: 40, height: 40, rx: 11 }),
    element(
      "text",
      { class: "card", x: 20, y: 26.5, "font-size": 19, "font-weight": 600, "text-anchor": "middle" },
      escaped(first.toLocaleUpperCase("en")),
    ),
  ].join("");
}
