/**
 * Text and elements of an SVG. Names come from strangers: what XML forbids and what turns the direction of the text
 * around it is taken out, the rest is escaped. Nothing else may put text into a card.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 forbids them even as references
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g;
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** One line of a stranger's text, safe to lay out and, once escaped, to put into XML. */
export function cleanLine(text: string): string {
  return text.toWellFormed().replace(FORBIDDEN, "").replace(DIRECTION, "").replace(/\s+/g, " ").trim();
}

export function escaped(text: string): string {
  return allowed(text).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

function allowed(text: string): string {
  return text.toWellFormed().replace(FORBIDDEN, "");
}

/** Numbers are written with at most one decimal; values that are text are escaped. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

export function element(name: string, attributes: Attributes, content = ""): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? rounded(value) : escaped(String(value))}"`)
    .join("");
  return content === "" ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}
