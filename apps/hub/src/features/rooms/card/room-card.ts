/** One voice room as an SVG: pure. */
import type { RoomView, VoiceRoomsView } from "@guildwire/client";
import { counted } from "../../../shell/counted.ts";
import { cardFrame, cardText, innerWidth } from "./card-frame.ts";
import { cardFreshness } from "./card-freshness.ts";
import type { CardOptions } from "./card-options.ts";
import { type Drawn, peopleMarkup, roomSign } from "./room-row.ts";
import { wrappedText } from "./text-width.ts";
import { cleanLine, element } from "./xml.ts";

const LINES_MAX = 5;
const SPOKEN_MAX = 12;
const STATUS_LINES_MAX = 2;
const STATUS_LINE_PX = 17;

/** `atMs`: now, Unix ms. */
export function roomCard(
  { guild, source, showsPeople }: VoiceRoomsView,
  room: RoomView,
  options: CardOptions,
  atMs: number,
): string {
  const guildName = cleanLine(guild?.name ?? "");
  const title = cleanLine(room.name) || "Voice room";
  const subtitle = [...(showsPeople ? roomCounts(room) : []), guildName]
    .filter((part) => part !== "")
    .join(" · ");
  const names = options.names ? spokenNames(room) : "";
  const freshness = cardFreshness(source);
  return cardFrame({
    head: { emblem: roomEmblem(room.kind), title, subtitle, freshness },
    body: roomBody(room, options, showsPeople),
    isMemory: freshness.tone !== "live",
    atMs,
    theme: options.theme,
    widthPx: options.widthPx,
    description: `${subtitle}.${names === "" ? "" : ` ${names}.`}`,
  });
}

/** Of a stage with thousands nobody wants to hear them all. */
function spokenNames({ people }: RoomView): string {
  const spoken = people.slice(0, SPOKEN_MAX).map((person) => cleanLine(person.name) || "?");
  const more = people.length - spoken.length;
  return spoken.join(", ") + (more > 0 ? ` and ${more} more` : "");
}

function roomCounts({ peopleCount, userLimit, isFull }: RoomView): readonly string[] {
  if (userLimit === 0) return [counted(peopleCount, "person", "people")];
  return [`${peopleCount} of at most ${counted(userLimit, "person", "people")}`, isFull ? "full" : ""];
}

function roomBody(room: RoomView, options: CardOptions, showsPeople: boolean): Drawn {
  const widthPx = innerWidth(options.widthPx);
  const parts: string[] = [
    element("path", { class: "rule", d: `M0 .5h${widthPx}` }),
    element("path", { class: "wire", d: "M0 .5h56" }),
  ];
  let yPx = 14;
  for (const line of wrappedText(cleanLine(room.status ?? ""), 12, widthPx, STATUS_LINES_MAX)) {
    parts.push(cardText(line, { xPx: 0, yPx: yPx + 11, sizePx: 12, color: "soft" }));
    yPx += STATUS_LINE_PX;
  }
  if (yPx > 14) yPx += 7;
  if (room.people.length === 0) {
    const nobody = showsPeople ? "Nobody is here right now" : "Who is here is not shown";
    parts.push(cardText(nobody, { xPx: 0, yPx: yPx + 11, sizePx: 12, color: "soft" }));
    return { markup: parts.join(""), heightPx: yPx + 22 };
  }
  const people = peopleMarkup(room, { widthPx, linesMax: LINES_MAX, names: options.names });
  parts.push(element("g", { transform: `translate(0 ${yPx})` }, people.markup));
  return { markup: parts.join(""), heightPx: yPx + people.heightPx };
}

function roomEmblem(kind: RoomView["kind"]): string {
  return [
    element("rect", { class: "copper", "fill-opacity": ".14", width: 40, height: 40, rx: 11 }),
    element("g", { transform: "translate(8.5 7) scale(1.5)" }, roomSign(kind)),
  ].join("");
}
