/** What is wrong with a text as XML 1.0, or `undefined`: enough of the grammar for what a card may contain. */
const TOKEN = /<!--[\s\S]*?-->|<(\/?)([A-Za-z][\w:-]*)((?:\s+[A-Za-z][\w:-]*="[^"<]*")*)\s*(\/?)>|[^<]+/gy;
const REFERENCE = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what XML forbids
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

export function malformation(xml: string): string | undefined {
  if (FORBIDDEN.test(xml) || !xml.isWellFormed()) return "a character that XML forbids";
  const bare = REFERENCE.exec(xml);
  if (bare !== null) return `a bare & at ${bare.index}`;
  const open: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < xml.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(xml);
    if (token === null) return `no token at ${at}: ${xml.slice(at, at + 40)}`;
    if (at > 0 && open.length === 0) return `something behind the root at ${at}`;
    const problem = enter(token, open);
    if (problem !== undefined) return problem;
  }
  return open.length === 0 ? undefined : `<${open.at(-1)}> is not closed`;
}

/** Opens or closes the element of a tag; a text does neither. */
function enter(token: RegExpExecArray, open: string[]): string | undefined {
  const [, close, name, attributes = "", alone] = token;
  if (name === undefined) return undefined;
  const names = [...attributes.matchAll(/([\w:-]+)="/g)].map(([, attribute]) => attribute);
  if (new Set(names).size !== names.length) return `an attribute twice in <${name}${attributes}>`;
  if (close === "/") return open.pop() === name ? undefined : `</${name}> closes something else`;
  if (alone === "") open.push(name);
  return undefined;
}

/** The texts a reader would see, in order, with references resolved. */
export function shownTexts(svg: string): readonly string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = ""]) => resolved(text));
}

function resolved(text: string): string {
  const names: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_whole, name: string) => names[name] ?? "");
}
