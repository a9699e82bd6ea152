import { createHmac } from "node:crypto";

/**
 * Addresses of files. Inside, a file is named by its path; when a message leaves, over REST or the Gateway, the path
 * becomes an address on this stand-in, signed and good for a day as those of Discord's CDN are. Whoever needs one later
 * fetches the message again.
 */
export const FILE_SCHEME = "sim-file:///";

const LIFETIME_SECONDS = 24 * 3600;
const PATHS = new RegExp(`${FILE_SCHEME}([^"\\\\\\s]+)`, "g");

/** JSON text with all paths of files signed. `origin` is the address the client knows the stand-in by. */
export function signFiles(json: string, origin: () => string, key: string, atMs: () => number): string {
  if (!json.includes(FILE_SCHEME)) return json;
  const [host, now] = [origin(), atMs()];
  return json.replaceAll(PATHS, (_, path: string) => `${host}/${path}?${signature(path, key, now)}`);
}

function signature(path: string, key: string, atMs: number): string {
  const issued = Math.floor(atMs / 1000);
  const expires = (issued + LIFETIME_SECONDS).toString(16);
  const is = issued.toString(16);
  return `ex=${expires}&is=${is}&hm=${digest(path, expires, is, key)}&`;
}

/** Whether an address is one of ours and still good. */
export function isSignatureGood(path: string, query: URLSearchParams, key: string, atMs: number): boolean {
  const [ex, is, hm] = ["ex", "is", "hm"].map((name) => query.get(name) ?? "");
  if (ex === undefined || is === undefined || hm !== digest(path, ex, is, key)) return false;
  return Number.parseInt(ex, 16) * 1000 > atMs;
}

function digest(path: string, ex: string, is: string, key: string): string {
  return createHmac("sha256", key).update(`${path}?${ex}&${is}`).digest("hex");
}
