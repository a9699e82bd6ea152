/**
 * What a browser is told a page may do (Content Security Policy and its kin). A page runs the hub's own scripts and
 * those it carries with this answer's nonce, connects to the hub alone, and shows pictures of Discord's.
 * Source: https://www.w3.org/TR/CSP3/
 */
import type { AllowedOrigins } from "../access/origins.ts";

/** Made to stand in other people's pages. */
const FRAMED_PATH = /^\/(embed|overlay)\//;

/** Avatars and icons. Source: https://docs.discord.com/developers/reference#image-formatting */
const PICTURES = "https://cdn.discordapp.com https://media.discordapp.net";

const EVERY_PAGE: readonly (readonly [name: string, value: string])[] = [
  ["x-content-type-options", "nosniff"],
  ["referrer-policy", "strict-origin-when-cross-origin"],
  ["permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"],
  ["cross-origin-opener-policy", "same-origin"],
];

/**
 * A page that is cross-origin isolated shows only frames that say the same of themselves. `credentialless` needs nothing
 * of the servers of pictures. Source: https://wicg.github.io/credentiallessness/
 */
const FRAMED_PAGE: typeof EVERY_PAGE = [
  ["cross-origin-embedder-policy", "credentialless"],
  ["cross-origin-resource-policy", "cross-origin"],
];

export interface PageSecurity {
  readonly pathname: string;
  /** Of this answer alone. */
  readonly nonce: string;
  readonly embedOrigins: AllowedOrigins;
  /** Vite's scripts and styles come and go as it likes. */
  readonly isDevelopment: boolean;
}

/** Sets the headers on a page's answer; what a route has set itself stays. A redirect's headers cannot be changed. */
export function securePage(answer: Response, security: PageSecurity): Response {
  const response = answer.headers.has("location") ? new Response(answer.body, answer) : answer;
  const headers = [
    ...EVERY_PAGE,
    ...(FRAMED_PATH.test(security.pathname) ? FRAMED_PAGE : []),
    ["content-security-policy", contentSecurityPolicy(security)] as const,
  ];
  for (const [name, value] of headers) if (!response.headers.has(name)) response.headers.set(name, value);
  return response;
}

export function contentSecurityPolicy({
  pathname,
  nonce,
  embedOrigins,
  isDevelopment,
}: PageSecurity): string {
  const always = [
    ...frameAncestors(FRAMED_PATH.test(pathname) ? embedOrigins : []),
    "base-uri 'self'",
    "object-src 'none'",
    "form-action 'self'",
    "frame-src 'none'",
    `img-src 'self' data: ${PICTURES}`,
  ];
  const strict = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    "style-src 'self'",
    "connect-src 'self'",
  ];
  return [...(isDevelopment ? [] : strict), ...always].join("; ");
}

/** `*` would leave out pages that have no host: files, apps, sandboxed pages. Only no directive at all allows every page. */
function frameAncestors(origins: AllowedOrigins): readonly string[] {
  return origins === "*" ? [] : [`frame-ancestors ${["'self'", ...origins].join(" ")}`];
}
