/** Options of a page that are words in its address: read all at once, mistakes named with what is right. */
import type { PlainSearch } from "../../../plain-search.ts";

export type Words = Readonly<Record<string, readonly string[]>>;

type Chosen<Of extends Words> = { readonly [Name in keyof Of]: Of[Name][number] };

export interface ReadWords<Of extends Words> {
  readonly options: Chosen<Of>;
  readonly problems: readonly string[];
}

/** What is not said, and what is no such word, is the standard. */
export function readWords<Of extends Words>(
  search: PlainSearch,
  words: Of,
  standard: Chosen<Of>,
): ReadWords<Of> {
  const mistakes = Object.entries(words).filter(([name, allowed]) => {
    const said = search[name];
    return said !== undefined && !allowed.includes(said);
  });
  const wrong = new Set(mistakes.map(([name]) => name));
  const said = Object.keys(words).filter((name) => search[name] !== undefined && !wrong.has(name));
  return {
    options: { ...standard, ...Object.fromEntries(said.map((name) => [name, search[name]])) },
    problems: mistakes.map(([name, allowed]) => `${name} must be one of ${allowed.join(", ")}`),
  };
}
