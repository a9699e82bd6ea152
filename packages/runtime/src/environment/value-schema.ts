/** Values as they stand in an environment: text that is checked and turned into what it means. */
import * as z from "zod";

export function wholeNumber(from: number, to: number, remedy: string) {
  return z
    .string()
    .regex(/^\d{1,12}$/, { error: remedy })
    .transform(Number)
    .refine((value) => value >= from && value <= to, { error: remedy });
}

/** `remedy` says what URL it must be; it is also what is said when there is none. */
export function httpUrl(remedy: string) {
  return z.string({ error: remedy }).refine((text) => /^https?:$/.test(protocolOf(text)), { error: remedy });
}

/** As `httpUrl`, for an address at which a user name and password have no use: they are refused. */
export function plainHttpUrl(remedy: string) {
  return httpUrl(remedy).refine((text) => !hasCredentials(text), {
    error: "must not contain a user name or password",
  });
}

/** As `httpUrl`; user name and password, if there are any, must be percent-encoded UTF-8, so that they can be sent. */
export function httpUrlWithLogin(remedy: string) {
  return httpUrl(remedy).refine((text) => !hasCredentials(text) || basicAuthentication(text) !== undefined, {
    error:
      "has a user name or password that is not percent-encoded; write % as %25, @ as %40, : as %3A, / as %2F",
  });
}

/**
 * The header that sends a URL's user name and password, which HTTP clients leave out of the address or refuse.
 * `undefined` without them, and when they are not percent-encoded UTF-8.
 */
export function basicAuthentication(url: string): { readonly authorization: string } | undefined {
  if (!hasCredentials(url)) return undefined;
  const { username, password } = new URL(url);
  try {
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
  } catch {
    return undefined;
  }
}

function hasCredentials(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username !== "" || password !== "";
}

function protocolOf(text: string): string {
  return URL.canParse(text) ? new URL(text).protocol : "";
}
