/**
 * The query of a page's address as it stands there: text for each name. The router's own way reads digits as numbers,
 * and Discord's ids are longer than a number can hold. Of a name given twice, the last counts.
 */
export type PlainSearch = Readonly<Record<string, string>>;

export function parsePlainSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

export function stringifyPlainSearch(search: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (value !== undefined && value !== null) query.set(name, String(value));
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}
