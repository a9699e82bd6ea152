/**
 * The target and the Host of a request, checked and brought into one form before anything else reads them: pure. What
 * is not a valid request ends here with a 4xx, so no router or URL parser behind it sees it.
 * Source: https://www.rfc-editor.org/rfc/rfc9112#section-3.2
 */
import type { IncomingMessage } from "node:http";

export type RequestTarget =
  | {
      readonly ok: true;
      /** Path and query. */
      readonly url: string;
      /** `undefined`: the client named none, as HTTP/1.0 allows. */
      readonly host: string | undefined;
    }
  | { readonly ok: false; readonly status: 400 | 404 | 414; readonly message: string };

/** A name, an IPv4 address or an IPv6 address in brackets, and a port. */
const HOST = /^(\[[\da-f:.]+\]|[\w.~-]+)(:\d{0,5})?$/i;
const ABSOLUTE_FORM = /^https?:\/\//i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what no path may have.
const NOT_IN_A_PATH = /[\u0000-\u001f\u007f\\]/;

export function readTarget(
  { url = "/", headersDistinct }: Pick<IncomingMessage, "url" | "headersDistinct">,
  charactersMax: number,
): RequestTarget {
  if (url.length > charactersMax) return refused(414, "the address is too long");
  const hosts = headersDistinct["host"] ?? [];
  if (hosts.length > 1) return refused(400, "a request has one Host");
  const absolute = ABSOLUTE_FORM.test(url) ? URL.parse(url) : undefined;
  if (absolute === null || (absolute === undefined && !url.startsWith("/"))) {
    return refused(400, "the request's target is neither a path nor an http address");
  }
  // The authority of an absolute target takes the place of Host (RFC 9112, section 3.2.2).
  const host = absolute?.host ?? hosts[0]?.trim();
  if (host !== undefined && host !== "" && !isHost(host)) return refused(400, "the Host is not valid");
  const target = absolute === undefined ? url : `${absolute.pathname}${absolute.search}`;
  const problem = problemWithPath(target.split(/[?#]/, 1)[0] ?? "/");
  return problem ?? { ok: true, url: target, host: host === "" ? undefined : host };
}

function isHost(host: string): boolean {
  return HOST.test(host) && URL.canParse(`http://${host}/`);
}

function problemWithPath(path: string): RequestTarget | undefined {
  let decoded = path;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    // The API has its own answer, which is JSON.
    if (!path.startsWith("/api/")) return refused(400, "the path is not valid percent-encoded UTF-8");
  }
  // `//name/` is another host's address to whoever resolves it, and so is `/\name/`.
  const isStrange = path.includes("//") || NOT_IN_A_PATH.test(decoded);
  return isStrange ? refused(404, "not found") : undefined;
}

function refused(status: 400 | 404 | 414, message: string): RequestTarget {
  return { ok: false, status, message };
}
