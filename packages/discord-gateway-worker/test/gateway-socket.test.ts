import { constants, type PerformanceEntry, PerformanceObserver } from "node:perf_hooks";
import type { GatewaySocket, SocketListener } from "@guildwire/gateway";
import { expect, it } from "vitest";
import { sweptSocket, youngCollector } from "../src/gateway-socket.ts";

const { NODE_PERFORMANCE_GC_MINOR: MINOR, NODE_PERFORMANCE_GC_FLAGS_FORCED: FORCED } = constants;
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

interface Collection extends PerformanceEntry {
  readonly detail: { readonly kind: number; readonly flags: number };
}

/** V8 brings a marking to its end that is under way when it is asked, and calls that a major collection. */
it("has V8 collect what is young, and no more", async () => {
  const collect = youngCollector();
  const kinds: number[] = [];
  while (kinds.at(-1) !== MINOR && kinds.length < 10) {
    const asked = nextForcedCollection();
    collect();
    kinds.push(await asked);
  }
  expect(kinds.at(-1)).toBe(MINOR);
});

function nextForcedCollection(): Promise<number> {
  return new Promise((resolve) => {
    const observer = new PerformanceObserver((list) => {
      const collections = list.getEntries() as unknown as readonly Collection[];
      const forced = collections.find(({ detail }) => detail.flags === FORCED);
      if (forced === undefined) return;
      observer.disconnect();
      resolve(forced.detail.kind);
    });
    observer.observe({ entryTypes: ["gc"] });
  });
}
