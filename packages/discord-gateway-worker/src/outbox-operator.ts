/** What an operator can do with the outbox, the same for a running worker and for the store of one that is stopped. */
import type { Delivery } from "@guildwire/delivery";
import type { OutboxOperator, Replayed } from "./control/control-request.ts";
import type { InspectedOutbox, ParkedChoice } from "./store/outbox-view.ts";

export interface OutboxOperatorOptions {
  readonly delivery: Delivery;
  readonly guildId: string;
  /** Appends a snapshot of the guild; resolves to its place, `null` while the guild has never been seen. */
  readonly appendSnapshot: () => Promise<number | null>;
}

export function createOutboxOperator({
  delivery,
  guildId,
  appendSnapshot,
}: OutboxOperatorOptions): OutboxOperator {
  return {
    async inspect(): Promise<InspectedOutbox> {
      const { epoch = "", top: lastSeq = 0 } = delivery.stream(guildId) ?? {};
      return { epoch, lastSeq, receivers: await delivery.inspect() };
    },
    async replay(parked: ParkedChoice, receiver?: string): Promise<Replayed> {
      const receivers = [...delivery.receivers.keys()].filter((name) => name === (receiver ?? name));
      let count = 0;
      if (parked !== "none") {
        const sinceIso = parked === "all" ? "" : parked.sinceIso;
        for (const name of receivers) count += await delivery.replay(name, sinceIso);
      }
      return { parked: count, snapshotSeq: await appendSnapshot() };
    },
  };
}
