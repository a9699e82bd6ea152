/** A peer's server, told what to publish. */

import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { changeMessage } from "../change.ts";

export interface PublishOrder {
  readonly type: "publish";
  /** Numbers of changes, to be published one after the other, at once. */
  readonly from: number;
  readonly changes: number;
  readonly atMs: number;
}

export interface ListeningReport {
  readonly type: "listening";
  readonly port: number;
}

export function isListening(message: unknown): message is ListeningReport {
  return (message as ListeningReport).type === "listening";
}

export type ChangeMessage = ReturnType<typeof changeMessage>;

/** Listens, and publishes as it is told. */
export function serve(server: Server, publish: (change: ChangeMessage) => void): void {
  server.listen(0, "127.0.0.1", () => {
    const report: ListeningReport = { type: "listening", port: (server.address() as AddressInfo).port };
    process.send?.(report);
  });
  process.on("message", (order: PublishOrder | undefined) => {
    if (order?.type !== "publish") return;
    for (let index = 0; index < order.changes; index += 1)
      publish(changeMessage(order.from + index, order.atMs));
  });
}
