/**
 * The socket to the Gateway, and the sweeping behind it. What came lies in buffers outside the heap, of which V8 lets
 * tens of MiB gather before it looks, and a heap of C that has once grown so far hardly shrinks: the GUILD_CREATEs of a
 * large bot would make the process half as large again for good. So the young generation is collected after every few
 * MiB.
 */
import { type OpenSocket, openWebSocket } from "@guildwire/gateway";
import { collectYoung } from "./heap.ts";

const SWEPT_EVERY_BYTES = 4 * 1024 * 1024;

/** `sweep` is called after every 4 MiB of messages. */
export function sweptSocket(open: OpenSocket = openWebSocket, sweep = collectYoung): OpenSocket {
  let bytesLying = 0;
  return (url, listener) =>
    open(url, {
      onOpen: () => listener.onOpen(),
      onMessage(message) {
        listener.onMessage(message);
        bytesLying += message.bytes.length;
        if (bytesLying < SWEPT_EVERY_BYTES) return;
        bytesLying = 0;
        sweep();
      },
      onClose: (code, detail) => listener.onClose(code, detail),
    });
}
