/** What the query of a card's address says about how it looks. Unknown names are passed over: proxies add some. */
export const CARD_THEMES = ["auto", "light", "dark"] as const;
export type CardTheme = (typeof CARD_THEMES)[number];

export interface CardOptions {
  /** `auto`: as the reader's system is. */
  readonly theme: CardTheme;
  readonly widthPx: number;
  /** Rooms shown on a server's card; the others are summed up. */
  readonly roomsMax: number;
  /** Off: people as circles alone. */
  readonly names: boolean;
}

export const CARD_DEFAULTS: CardOptions = { theme: "auto", widthPx: 420, roomsMax: 6, names: true };
const WIDTH_PX = { min: 260, max: 900 } as const;
const ROOMS = { min: 1, max: 20 } as const;

export type CardOptionsOutcome =
  | { readonly ok: true; readonly options: CardOptions }
  | { readonly ok: false; readonly problems: readonly string[] };

export function readCardOptions(query: URLSearchParams): CardOptionsOutcome {
  const problems: string[] = [];
  const theme = query.get("theme") ?? CARD_DEFAULTS.theme;
  if (!isTheme(theme)) problems.push(`theme must be one of ${CARD_THEMES.join(", ")}`);
  const names = query.get("names") ?? "on";
  if (names !== "on" && names !== "off") problems.push("names must be on or off");
  const number = (name: string, standard: number, { min, max }: { min: number; max: number }): number => {
    const text = query.get(name);
    const value = text === null ? standard : /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max))
      problems.push(`${name} must be a whole number from ${min} to ${max}`);
    return value;
  };
  const widthPx = number("width", CARD_DEFAULTS.widthPx, WIDTH_PX);
  const roomsMax = number("rooms", CARD_DEFAULTS.roomsMax, ROOMS);
  if (problems.length > 0 || !isTheme(theme)) return { ok: false, problems };
  return { ok: true, options: { theme, widthPx, roomsMax, names: names === "on" } };
}

function isTheme(text: string): text is CardTheme {
  return (CARD_THEMES as readonly string[]).includes(text);
}
