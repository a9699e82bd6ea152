/** One room on a card: its sign, its name, how many are in it, and the people. */
import type { RoomView } from "@guildwire/client";
import { avatarFace } from "../people/avatar-face.ts";
import { avatarColor } from "./avatar-color.ts";
import { cardText } from "./card-frame.ts";
import {
  FACE_PX,
  type FlowSpace,
  flowPeople,
  LINE_PX,
  NAME_OFFSET_PX,
  NAME_SIZE_PX,
  type PlacedPerson,
} from "./people-flow.ts";
import { fittedText, textWidth } from "./text-width.ts";
import { cleanLine, element } from "./xml.ts";

export interface Drawn {
  readonly markup: string;
  readonly heightPx: number;
}

const NAME_LINE_PX = 24;
const FACE_SIZE_PX = 7.5;

/** `4`, or `3/10` where the room has a limit. */
export function roomCount({ peopleCount, userLimit }: RoomView): string {
  return userLimit > 0 ? `${peopleCount}/${userLimit}` : String(peopleCount);
}

export function roomRow(room: RoomView, space: FlowSpace, showsPeople: boolean): Drawn {
  const count = showsPeople ? roomCount(room) : "";
  const nameX = 22;
  const countPx = textWidth(count, 12, "bold");
  const name = fittedText(
    cleanLine(room.name) || "Voice room",
    13,
    space.widthPx - nameX - countPx - 12,
    "bold",
  );
  const head = [
    roomSign(room.kind),
    cardText(name, { xPx: nameX, yPx: 14, sizePx: 13, color: "ink", weight: "bold" }),
    cardText(count, {
      xPx: space.widthPx,
      yPx: 14,
      sizePx: 12,
      color: "soft",
      weight: "bold",
      anchor: "end",
    }),
  ].join("");
  const people = peopleMarkup(room, space);
  return {
    markup: head + element("g", { transform: `translate(0 ${NAME_LINE_PX})` }, people.markup || " "),
    heightPx: NAME_LINE_PX + people.heightPx,
  };
}

export function peopleMarkup(room: RoomView, space: FlowSpace): Drawn {
  const flow = flowPeople(room.people, space);
  const parts = flow.placed.map(personMarkup);
  if (flow.more !== undefined) {
    const { count, xPx, line } = flow.more;
    const at = {
      xPx,
      yPx: line * LINE_PX + 13,
      sizePx: NAME_SIZE_PX,
      color: "soft",
      weight: "bold",
    } as const;
    parts.push(cardText(`+${count}`, at));
  }
  return { markup: parts.join(""), heightPx: flow.lines * LINE_PX };
}

function personMarkup({ person, xPx, line, name }: PlacedPerson): string {
  const { initials, hue } = avatarFace(person.id, cleanLine(person.name));
  // Two pictures side by side are wider than the face.
  const [first = ""] = initials;
  const face = textWidth(initials, FACE_SIZE_PX) > FACE_PX - 4 ? first : initials;
  const radius = FACE_PX / 2;
  const yPx = line * LINE_PX;
  const center = { cx: xPx + radius, cy: yPx + radius };
  return [
    element("circle", { ...center, r: radius, fill: avatarColor(hue) }),
    cardText(face, {
      xPx: center.cx,
      yPx: yPx + 11.8,
      sizePx: FACE_SIZE_PX,
      color: "face",
      anchor: "middle",
    }),
    person.stream
      ? element("circle", { ...center, r: radius + 1.5, class: "ring", "stroke-width": 1.5 })
      : "",
    name === undefined
      ? ""
      : cardText(name, { xPx: xPx + NAME_OFFSET_PX, yPx: yPx + 13, sizePx: NAME_SIZE_PX, color: "ink" }),
  ].join("");
}

/** In a square of 16 px. */
export function roomSign(kind: RoomView["kind"]): string {
  const stroke = {
    class: "icon",
    "stroke-width": 1.6,
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
  };
  const d =
    kind === "stage"
      ? "M4.6 11.4a5 5 0 1 1 6.8 0M8 9.6v4.6M8 6.6a1.4 1.4 0 1 0 .01 0"
      : "M2 6.2h2.4L8 3.2v9.6L4.4 9.8H2zM10.6 5.9a3 3 0 0 1 0 4.2M12.7 3.9a5.8 5.8 0 0 1 0 8.2";
  return element("path", { ...stroke, d, transform: "translate(0 1)" });
}
