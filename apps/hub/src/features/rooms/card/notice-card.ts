/** A card that says why there is no other: a picture is all that the place it stands in can show. */
import { cardFrame, cardText, innerWidth } from "./card-frame.ts";
import type { CardFreshness } from "./card-freshness.ts";
import { CARD_DEFAULTS, type CardOptions } from "./card-options.ts";
import { wrappedText } from "./text-width.ts";
import { cleanLine, element } from "./xml.ts";

export interface Notice {
  /** A word or two, in the place where a card says how fresh it is. */
  readonly label: string;
  readonly title: string;
  /** Why, and what to do. */
  readonly text: string;
}

const LINES_MAX = 6;
const LINE_PX = 17;

export function noticeCard(notice: Notice, atMs: number, options: CardOptions = CARD_DEFAULTS): string {
  const lines = wrappedText(cleanLine(notice.text), 12, innerWidth(options.widthPx), LINES_MAX);
  const freshness: CardFreshness = { tone: "bad", label: notice.label };
  const markup = lines.map((line, index) =>
    cardText(line, { xPx: 0, yPx: index * LINE_PX + 11, sizePx: 12, color: "soft" }),
  );
  return cardFrame({
    head: { emblem: emblem(), title: notice.title, subtitle: "voice rooms", freshness },
    body: { markup: markup.join(""), heightPx: lines.length * LINE_PX + 6 },
    isMemory: false,
    atMs,
    theme: options.theme,
    widthPx: options.widthPx,
    description: notice.text,
  });
}

function emblem(): string {
  return [
    element("rect", { class: "well", width: 40, height: 40, rx: 11 }),
    cardText("?", { xPx: 20, yPx: 27, sizePx: 20, color: "soft", weight: "bold", anchor: "middle" }),
  ].join("");
}
