/**
 * How a client of each server begins, when it is live, and how it comes back to where it was. Pure; `sink.ts` has the
 * sockets.
 */
import { OUR_TOPIC } from "./change.ts";

/** What a socket knows by which it can come back. */
export interface Remembered {
  /** Ours: the epoch. Socket.IO's: the private session id. */
  readonly session: string;
  /** Ours: the offset. Socket.IO's: the id of the last packet. */
  readonly position: string;
}

export interface Dialect {
  readonly path: string;
  readonly headers: string;
  /** Sent when the handshake is done. */
  readonly hello: (from: Remembered | undefined) => string | undefined;
  /** An answer to a text that comes before the socket is live. */
  readonly answer: (text: string, from: Remembered | undefined) => string | undefined;
  /** By all texts since the handshake; one that comes back has missed something, and waits for that as well. */
  readonly isLive: (texts: string, from: Remembered | undefined) => boolean;
  readonly session: (texts: string) => string | undefined;
  readonly position: (delivery: string) => string | undefined;
}

const found = (pattern: RegExp) => (text: string) => pattern.exec(text)?.[1];

const PLAIN: Dialect = {
  path: "/",
  headers: "",
  hello: () => undefined,
  answer: () => undefined,
  isLive: () => true,
  session: () => undefined,
  position: () => undefined,
};

const HUB: Dialect = {
  path: "/ws",
  headers: "Sec-WebSocket-Protocol: hub.v1\r\n",
  hello(from) {
    const since = from === undefined ? {} : { e: from.session, o: Number(from.position) };
    return JSON.stringify({ t: "auth", id: 1, v: 1, subs: [{ topic: OUR_TOPIC, ...since }] });
  },
  answer: () => undefined,
  isLive(texts, from) {
    if (from === undefined) return texts.includes('"last":true');
    return texts.includes('"how":"resumed"') && texts.includes('"t":"d"');
  },
  session: found(/"t":"subd".*?"e":"([^"]+)"/),
  position: found(/"t":"d".*?"o":(\d+)/),
};

const SOCKET_IO: Dialect = {
  path: "/socket.io/?EIO=4&transport=websocket",
  headers: "",
  hello: () => undefined,
  answer(text, from) {
    if (!text.startsWith("0{")) return undefined;
    if (from === undefined) return "40";
    return `40${JSON.stringify({ pid: from.session, offset: from.position })}`;
  },
  isLive(texts, from) {
    return texts.includes("40{") && (from === undefined || texts.includes('42["change"'));
  },
  session: found(/"pid":"([^"]+)"/),
  position: found(/,"([^"]+)"\]$/),
};

export const DIALECTS = { plain: PLAIN, hub: HUB, socketIo: SOCKET_IO } as const;
export type DialectName = keyof typeof DIALECTS;
