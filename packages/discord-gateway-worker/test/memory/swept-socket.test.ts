import type { GatewaySocket, SocketListener } from "@guildwire/gateway";
import { expect, it } from "vitest";
import { sweptSocket } from "../../src/memory/swept-socket.ts";

const MIB = 2 ** 20;
const NO_SOCKET: GatewaySocket = {
  send() {},
  close() {},
  destroy() {},
  pause() {},
  resume() {},
};

it("hands everything on, and sweeps after every 4 MiB", () => {
  const told: string[] = [];
  const listeners: SocketListener[] = [];
  const open = sweptSocket(
    (url, listener) => {
      told.push(`dial ${url}`);
      listeners.push(listener);
      return NO_SOCKET;
    },
    () => void told.push("sweep"),
  );
  const socket = open("ws://gateway", {
    onOpen: () => void told.push("open"),
    onMessage: ({ bytes, binary }) => void told.push(`${binary ? "binary" : "text"} ${bytes.length / MIB}`),
    onClose: (code, detail) => void told.push(`close ${code} ${detail}`),
  });
  expect(socket).toBe(NO_SOCKET);
  const [listener] = listeners;
  listener?.onOpen();
  for (const mib of [1, 2, 0.5, 0.5, 3, 9]) {
    listener?.onMessage({ bytes: Buffer.alloc(mib * MIB), binary: mib === 9 });
  }
  listener?.onClose(1006, "gone");
  expect(told).toEqual([
    ...["dial ws://gateway", "open", "text 1", "text 2", "text 0.5", "text 0.5", "sweep"],
    ...["text 3", "binary 9", "sweep", "close 1006 gone"],
  ]);
});
