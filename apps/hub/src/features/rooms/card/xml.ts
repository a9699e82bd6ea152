/**
 * Text and elements of an SVG. Names come from strangers: what XML forbids and what turns the direction of the text
 * around it is taken out, the rest is escaped. Nothing else may put text into a card.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 forbids them even as references
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g;
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Letters that are drawn as nothing or as a blank: the fillers of Hangul, and the empty pattern of Braille. */
const UNSEEN = /^[\p{M}\p{Cf}\p{Z}\u115f\u1160\u2800\u3164\uffa0]*$/u;

/** More marks on a letter than any script needs reach over the lines above and below. */
const PILED_MARKS = /(\p{Mn}{4})\p{Mn}+/gu;

const HARMLESS = /^[\w #%()+,./:;-]*$/;

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** One line of a stranger's text, safe to lay out and, once escaped, to put into XML; empty when nothing can be seen. */
export function cleanLine(text: string): string {
  const line = text
    .toWellFormed()
    .replace(FORBIDDEN, "")
    .replace(DIRECTION, "")
    .replace(PILED_MARKS, "$1")
    .replace(/\s+/g, " ")
    .trim();
  return UNSEEN.test(line) ? "" : line;
}

export function escaped(text: string): string {
  // Most of what a card is made of are our own words and numbers.
  if (HARMLESS.test(text)) return text;
  return allowed(text).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

function allowed(text: string): string {
  return text.toWellFormed().replace(FORBIDDEN, "");
}

/** Numbers are written with at most one decimal; values that are text are escaped. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

export function element(name: string, attributes: Attributes, content = ""): string {
  let start = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    start += ` ${key}="${typeof value === "number" ? rounded(value) : escaped(value)}"`;
  }
  return content === "" ? `${start}/>` : `${start}>${content}</${name}>`;
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}
