/**
 * The socket to the Gateway, and the sweeping behind it. What came lies in buffers outside the heap, of which V8 lets
 * tens of MiB gather before it looks, and a heap of C that has once grown so far hardly shrinks: the GUILD_CREATEs of a
 * large bot would make the process half as large again for good. So the young generation is collected after every few
 * MiB. It is of one megabyte (`main.ts`), so that takes less than a millisecond.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type OpenSocket, openWebSocket } from "@guildwire/gateway";

const SWEPT_EVERY_BYTES = 4 * 1024 * 1024;

/** `sweep` is called after every 4 MiB of messages. */
export function sweptSocket(open: OpenSocket = openWebSocket, sweep = youngCollector()): OpenSocket {
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

type Collect = (how: { readonly type: "minor" }) => void;

/** Fetched when it is first needed: a worker of one small server may never come to that. */
export function youngCollector(): () => void {
  let collect: Collect | undefined;
  return () => {
    collect ??= collectorOfV8();
    collect({ type: "minor" });
  };
}

/** V8 hands its collector to a context that is made while a flag is set. Where it does not, nothing is collected. */
function collectorOfV8(): Collect {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("globalThis.gc") as Collect | undefined;
  setFlagsFromString("--no-expose-gc");
  return collect ?? (() => undefined);
}
