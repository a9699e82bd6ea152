/** One WebSocket to the Gateway: the only file that knows `ws`. */
import type { Agent } from "node:http";
import { WebSocket } from "ws";

export interface GatewaySocket {
  send(text: string): void;
  /** Sends a Close frame and destroys the socket soon after: a peer that does not answer is not waited for. */
  close(code: number): void;
  destroy(): void;
  /** Stops reading from the network until `resume`; what the kernel buffers slows the peer down. */
  pause(): void;
  resume(): void;
}

/** A message as its bytes; `binary` tells compressed ones from plain text. */
export interface SocketMessage {
  readonly bytes: Buffer;
  readonly binary: boolean;
}

export interface SocketListener {
  onOpen(): void;
  onMessage(message: SocketMessage): void;
  /** Once, also when the dial fails. `code` is `null` when there was no Close frame. */
  onClose(code: number | null, detail: string): void;
}

export type OpenSocket = (url: string, listener: SocketListener) => GatewaySocket;

/** A frame above this is refused (close 1009 and a resume): Discord's largest are GUILD_CREATEs of a few MiB. */
const FRAME_BYTES_MAX = 64 * 1024 * 1024;
const CLOSE_GRACE_MS = 500;

export const openWebSocket: OpenSocket = webSocketOpener(() => undefined);

/** `agentFor` returns the agent that makes the connection, such as one that knows a proxy; `undefined`: none. */
export function webSocketOpener(agentFor: (url: string) => Agent | undefined): OpenSocket {
  return (url, listener) => openSocket(url, listener, agentFor(url));
}

function openSocket(url: string, listener: SocketListener, agent: Agent | undefined): GatewaySocket {
  const socket = new WebSocket(url, {
    ...(agent === undefined ? {} : { agent }),
    perMessageDeflate: false,
    maxPayload: FRAME_BYTES_MAX,
    // Most frames are looked at as bytes and never become text; in those that do, what is no UTF-8 becomes U+FFFD.
    skipUTF8Validation: true,
  });
  let problem = "";
  let graceTimer: NodeJS.Timeout | undefined;
  socket.on("open", () => listener.onOpen());
  socket.on("message", (data: Buffer, isBinary: boolean) => {
    listener.onMessage({ bytes: data, binary: isBinary });
  });
  socket.on("error", (error: Error & { code?: string }) => {
    problem = error.code ?? error.message;
  });
  socket.on("close", (code: number, reason: Buffer) => {
    clearTimeout(graceTimer);
    const sawCloseFrame = code !== 1005 && code !== 1006;
    listener.onClose(sawCloseFrame ? code : null, problem || reason.toString("utf8"));
  });
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close(code) {
      socket.close(code);
      graceTimer = setTimeout(() => socket.terminate(), CLOSE_GRACE_MS);
    },
    destroy: () => socket.terminate(),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
  };
}
