/**
 * Whose pages may use this hub from a browser. It stops other sites from acting with a visitor's address or cookies; it
 * is no secret and no login: a program sends whatever Origin it likes.
 * Source: https://cheatsheetseries.owasp.org/cheatsheets/HTML5_Security_Cheat_Sheet.html#websockets
 */
export type AllowedOrigins = "*" | readonly string[];

export interface Origins {
  /** `origin`: what the Origin header says. `host`: the Host header, by which a page of this hub itself is known. */
  allows(origin: string, host: string | null | undefined): boolean;
}

export type OriginsOutcome =
  | { readonly ok: true; readonly origins: AllowedOrigins }
  | { readonly ok: false; readonly problem: string };

/** Reads `*`, or exact origins separated by spaces. */
export function readOrigins(text: string): OriginsOutcome {
  const parts = text.split(/\s+/).filter((part) => part !== "");
  if (parts.includes("*")) {
    return parts.length === 1
      ? { ok: true, origins: "*" }
      : { ok: false, problem: "is either * or a list of origins, not both" };
  }
  for (const part of parts) {
    const url = URL.parse(part);
    if (url === null || !/^https?:$/.test(url.protocol) || url.origin !== part) {
      const like = url === null || url.origin === "null" ? "https://club.example" : url.origin;
      return { ok: false, problem: `must be origins such as ${like}, without a path: ${part} is none` };
    }
  }
  return { ok: true, origins: parts };
}

export function createOrigins(allowed: AllowedOrigins): Origins {
  const exact = new Set(allowed === "*" ? [] : allowed);
  return {
    allows(origin, host) {
      // A sandboxed frame, a file: nobody in particular.
      if (origin === "null") return false;
      if (allowed === "*" || exact.has(origin)) return true;
      return host !== null && host !== undefined && isSameHost(origin, host);
    },
  };
}

/**
 * The scheme is the proxy's, so name and port decide. A proxy may add the port of either scheme (`hub.example:443`), and
 * capitals, which browsers do not send.
 */
function isSameHost(origin: string, host: string): boolean {
  const page = URL.parse(origin);
  const hub = URL.parse(`http://${host}/`);
  if (page === null || hub === null || !/^https?:$/.test(page.protocol) || /[/?#@\\]/.test(host))
    return false;
  return page.hostname === hub.hostname && ownPort(page) === ownPort(hub);
}

const DEFAULT_PORTS: ReadonlySet<string> = new Set(["", "80", "443"]);

function ownPort({ port }: URL): string {
  return DEFAULT_PORTS.has(port) ? "" : port;
}
