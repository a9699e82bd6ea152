/**
 * What every card has: the frame, the colours of both themes, the head with its freshness and the foot with its time.
 * Colours are classes, so that one document serves both themes (`auto` follows the reader's system, inside an <img>
 * as well). A renderer that knows no media queries shows the light one.
 */

import { type CardFreshness, utcTime } from "./card-freshness.ts";
import type { CardTheme } from "./card-options.ts";
import { fittedText, isMeasured, textWidth, type Weight } from "./text-width.ts";
import { element, escaped } from "./xml.ts";

export const PADDING_PX = 18;
const HEAD_PX = 72;
const FOOT_PX = 30;
/** What a longer title has beside the pill at least; otherwise the pill takes the subtitle's place. */
const TITLE_PX_MIN = 170;
const FONT = "'Helvetica Neue',Helvetica,Arial,'Liberation Sans',sans-serif";

/** The page's palette (styles.css). */
const LIGHT = {
  card: "#fffdf8",
  line: "#e1d9c8",
  ink: "#1a2421",
  soft: "#55625d",
  faint: "#6f7a75",
  copper: "#a84a19",
  well: "#eee8db",
  live: "#12704a",
  wait: "#55625d",
  warn: "#8a5a00",
  bad: "#b02a20",
} as const;
const DARK: typeof LIGHT extends infer Shape ? { readonly [Name in keyof Shape]: string } : never = {
  card: "#121d1b",
  line: "#2b3d3a",
  ink: "#e8f0ec",
  soft: "#a3b4ae",
  faint: "#8b9c95",
  copper: "#f29a5c",
  well: "#1c2b28",
  live: "#4cd6a0",
  wait: "#a3b4ae",
  warn: "#e9b44c",
  bad: "#ff9384",
};
export type CardColor = keyof typeof LIGHT;

export interface CardHead {
  /** Drawn in a square of 40 px. */
  readonly emblem: string;
  readonly title: string;
  readonly subtitle: string;
  readonly freshness: CardFreshness;
}

export interface CardBody {
  readonly markup: string;
  readonly heightPx: number;
}

export interface CardFacts {
  readonly head: CardHead;
  readonly body: CardBody;
  /** What the body tells may no longer be true: it is drawn as memory. */
  readonly isMemory: boolean;
  /** When the card was drawn, Unix ms. */
  readonly atMs: number;
  readonly theme: CardTheme;
  readonly widthPx: number;
  /** For those who hear the picture: all that matters, in a sentence or two. */
  readonly description: string;
}

/** The space between the paddings. */
export function innerWidth(widthPx: number): number {
  return widthPx - 2 * PADDING_PX;
}

export function cardFrame({ head, body, isMemory, atMs, theme, widthPx, description }: CardFacts): string {
  const heightPx = HEAD_PX + body.heightPx + FOOT_PX;
  const content = [
    element("title", { id: "title" }, escaped(head.title)),
    element("desc", { id: "desc" }, escaped(description)),
    `<style>${themeStyle(theme)}</style>`,
    element("rect", {
      class: "frame",
      x: 0.5,
      y: 0.5,
      width: widthPx - 1,
      height: heightPx - 1,
      rx: 12,
    }),
    headMarkup(head, widthPx),
    element(
      "g",
      {
        transform: `translate(${PADDING_PX} ${HEAD_PX})`,
        opacity: isMemory ? 0.6 : undefined,
      },
      body.markup || " ",
    ),
    footMarkup(widthPx, heightPx, atMs),
  ];
  const attributes = {
    xmlns: "http://www.w3.org/2000/svg",
    width: widthPx,
    height: heightPx,
    viewBox: `0 0 ${widthPx} ${heightPx}`,
    role: "img",
    "aria-labelledby": "title desc",
    "font-family": FONT,
  };
  return element("svg", attributes, content.join(""));
}

export interface CardText {
  readonly xPx: number;
  readonly yPx: number;
  readonly sizePx: number;
  readonly color: CardColor | "face";
  readonly weight?: Weight;
  readonly anchor?: "start" | "middle" | "end";
}

/** One line. A text whose width is known is given that width, so that another font cannot push it over its neighbour. */
export function cardText(text: string, { xPx, yPx, sizePx, color, weight, anchor }: CardText): string {
  const attributes = {
    class: color,
    x: xPx,
    y: yPx,
    "font-size": sizePx,
    "font-weight": weight === "bold" ? 600 : undefined,
    "text-anchor": anchor === undefined || anchor === "start" ? undefined : anchor,
    ...(text.length > 1 && isMeasured(text)
      ? { textLength: textWidth(text, sizePx, weight), lengthAdjust: "spacingAndGlyphs" }
      : {}),
  };
  return element("text", attributes, escaped(text));
}

function headMarkup({ emblem, title, subtitle, freshness }: CardHead, widthPx: number): string {
  const labelPx = textWidth(freshness.label, 11, "bold");
  const pillPx = labelPx + 26;
  const pillX = widthPx - PADDING_PX - pillPx;
  const textX = PADDING_PX + 52;
  const besidePx = pillX - 10 - textX;
  const isWide = besidePx < Math.min(TITLE_PX_MIN, textWidth(title, 16, "bold"));
  const titlePx = isWide ? widthPx - PADDING_PX - textX : besidePx;
  const pillAt = isWide ? `translate(${textX} 37)` : `translate(${rounded(pillX)} 16)`;
  return [
    element("g", { transform: `translate(${PADDING_PX} 16)` }, emblem),
    cardText(fittedText(title, 16, titlePx, "bold"), {
      xPx: textX,
      yPx: isWide ? 31 : 33,
      sizePx: 16,
      color: "ink",
      weight: "bold",
    }),
    isWide
      ? ""
      : cardText(fittedText(subtitle, 12, widthPx - PADDING_PX - textX), {
          xPx: textX,
          yPx: 52,
          sizePx: 12,
          color: "soft",
        }),
    element(
      "g",
      { transform: pillAt },
      [
        element("rect", { class: `${freshness.tone} wash`, width: pillPx, height: 20, rx: 10 }),
        element("circle", { class: freshness.tone, cx: 11, cy: 10, r: 3.5 }),
        cardText(freshness.label, { xPx: 19, yPx: 14, sizePx: 11, color: freshness.tone, weight: "bold" }),
      ].join(""),
    ),
  ].join("");
}

function footMarkup(widthPx: number, heightPx: number, atMs: number): string {
  const yPx = heightPx - 13;
  return [
    element("path", { class: "wire", d: `M${PADDING_PX} ${yPx - 3.5}h10`, "stroke-width": 2 }),
    element("circle", { class: "copper", cx: PADDING_PX + 12, cy: yPx - 3.5, r: 2.5 }),
    cardText("Guildwire", { xPx: PADDING_PX + 19, yPx, sizePx: 10, color: "faint" }),
    cardText(`as of ${utcTime(atMs)}`, {
      xPx: widthPx - PADDING_PX,
      yPx,
      sizePx: 10,
      color: "faint",
      anchor: "end",
    }),
  ].join("");
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

function themeStyle(theme: CardTheme): string {
  const scheme = rules(theme === "dark" ? DARK : LIGHT);
  return theme === "auto" ? `${scheme}@media(prefers-color-scheme:dark){${rules(DARK)}}` : scheme;
}

function rules(colors: Readonly<Record<CardColor, string>>): string {
  const fills = Object.entries(colors).map(([name, color]) => `.${name}{fill:${color}}`);
  return [
    ...fills,
    `.frame{fill:${colors.card};stroke:${colors.line}}`,
    `.wire,.icon{fill:none;stroke:${colors.copper}}`,
    `.rule{stroke:${colors.line}}`,
    `.ring{fill:none;stroke:${colors.bad}}`,
    ".wash{fill-opacity:.13}",
    ".face{fill:#fff}",
  ].join("");
}
