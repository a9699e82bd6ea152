/** Which requests ask for a browser's socket, among those that offer to change the protocol. */
import type { IncomingMessage } from "node:http";

/**
 * True for a GET whose `Upgrade` lists `websocket`. Others, such as `h2c` and `TLS/1.0`, are offers that a server may
 * ignore. Source: https://www.rfc-editor.org/rfc/rfc9110#section-7.8
 */
export function isSocketUpgrade({ method, headers }: IncomingMessage): boolean {
  const offered = (headers.upgrade ?? "").split(",").map((name) => name.trim().toLowerCase());
  return method === "GET" && offered.includes("websocket");
}
