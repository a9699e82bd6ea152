/**
 * What a reader chose for this page. It is kept in a cookie, because the server must know it as well: a page that is
 * rendered light and turns dark, or shows sixty rooms and then six, flickers.
 */
export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** Which rooms are shown: those that meet every mark. */
export const ROOM_MARKS = ["occupied", "streaming", "stage"] as const;
export type RoomMark = (typeof ROOM_MARKS)[number];

export interface Preferences {
  readonly theme: Theme;
  readonly marks: readonly RoomMark[];
}

export const NO_PREFERENCES: Preferences = { theme: "system", marks: [] };

const COOKIE = "guildwire_page";
const KEPT_FOR_S = 365 * 24 * 60 * 60;

/** From a `Cookie` header or `document.cookie`. What is unknown in it counts as not chosen. */
export function readPreferences(cookies: string): Preferences {
  const pair = cookies.split(/;\s*/).find((text) => text.startsWith(`${COOKIE}=`));
  if (pair === undefined) return NO_PREFERENCES;
  const [theme = "", ...marks] = pair.slice(COOKIE.length + 1).split(".");
  return {
    theme: THEMES.find((known) => known === theme) ?? "system",
    marks: ROOM_MARKS.filter((known) => marks.includes(known)),
  };
}

/** For `document.cookie`. It says nothing about the reader that the page does not show. */
export function preferencesCookie({ theme, marks }: Preferences): string {
  return `${COOKIE}=${[theme, ...marks].join(".")}; path=/; max-age=${KEPT_FOR_S}; samesite=lax`;
}
