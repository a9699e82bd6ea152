/** Frames as bytes, read by `ws`. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { createTextFrames, SHARED_FRAME_BYTES_MAX, textFrame } from "../../src/sockets/text-frame.ts";

const SIZES = [0, 1, 125, 126, 65_535, 65_536, 200_000];

describe("a text frame", () => {
  it("is read by a WebSocket, between what another end of the same stream writes", async () => {
    const http = createServer();
    const server = new WebSocketServer({ noServer: true });
    http.on("upgrade", (request, stream, head) =>
      server.handleUpgrade(request, stream, head, (socket) => {
        for (const size of SIZES) {
          stream.write(textFrame(Buffer.alloc(size, "e")));
          socket.send(`after ${size}`);
        }
        socket.close();
      }),
    );
    http.listen(0, "127.0.0.1");
    await once(http, "listening");
    const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
    const heard: string[] = [];
    client.on("message", (data, isBinary) => {
      expect(isBinary).toBe(false);
      heard.push(String(data));
    });
    await once(client, "close");
    http.close();
    const wanted = SIZES.flatMap((size) => [Buffer.alloc(size, "e").toString(), `after ${size}`]);
    expect(heard).toEqual(wanted);
  });

  it("is made once for a payload", () => {
    const framesOf = createTextFrames();
    const payload = Buffer.from("hello");
    expect(framesOf(payload)).toBe(framesOf(payload));
    expect(framesOf(payload)).not.toBe(framesOf(Buffer.from("hello")));
  });

  it("is not made of what is large", () => {
    const framesOf = createTextFrames();
    expect(framesOf(Buffer.alloc(SHARED_FRAME_BYTES_MAX))).toBeDefined();
    expect(framesOf(Buffer.alloc(SHARED_FRAME_BYTES_MAX + 1))).toBeUndefined();
  });
});
