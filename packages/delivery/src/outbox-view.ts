/** What an operator sees of one receiver: how far it is, what waits for it, and what it refused. */
import { readAfter } from "./cursor.ts";
import type { ReceiverDelivery } from "./receiver-delivery.ts";
import type { DeliveryStore, ParkedEntry } from "./store/delivery-store.ts";
import type { Stream } from "./stream.ts";

/** Of a long log, as many of the oldest events are counted by type. */
const COUNTED_MAX = 10_000;
const PARKED_SHOWN_MAX = 50;
const STREAMS_SHOWN_MAX = 100;

export interface StreamView {
  readonly id: string;
  readonly epoch: string;
  /** The last number given out. */
  readonly lastSeq: number;
  readonly acknowledged: number;
  readonly waiting: number;
}

export interface OutboxView {
  readonly receiver: string;
  readonly form: "single" | "multi";
  /** The receiver acknowledged what was never sent: nothing more is sent to it. */
  readonly stopped: boolean;
  readonly failuresInARow: number;
  readonly waiting: number;
  readonly bytes: number;
  readonly oldestTimestamp: string | null;
  /** Those with the most waiting first, at most 100. */
  readonly streams: readonly StreamView[];
  /** Of the oldest `countedMax` events that wait in each stream: counting all of a long log would take too long. */
  readonly types: readonly { readonly type: string; readonly events: number }[];
  readonly countedMax: number;
  readonly parkedTotal: number;
  /** The newest first. */
  readonly parked: readonly Omit<ParkedEntry, "data" | "receiver">[];
}

/** `streamOf`: the stream's place in the log. */
export async function outboxView(
  receiver: ReceiverDelivery,
  store: DeliveryStore,
  streamOf: (id: string) => Stream | undefined,
): Promise<OutboxView> {
  const places = [...receiver.subscriptions.values()].map(({ subscription }) => subscription.place);
  const counts = new Map<string, number>();
  for (const { cursor, depth } of places) {
    if (depth.waiting === 0) continue;
    for (const { type, events } of await store.types(cursor.stream, readAfter(cursor), COUNTED_MAX))
      counts.set(type, (counts.get(type) ?? 0) + events);
  }
  const parked = await store.parked(receiver.name, "", PARKED_SHOWN_MAX);
  return {
    receiver: receiver.name,
    form: receiver.isMulti ? "multi" : "single",
    stopped: receiver.stopped !== null,
    failuresInARow: receiver.failures,
    ...receiver.depth,
    streams: places
      .toSorted((a, b) => b.depth.waiting - a.depth.waiting)
      .slice(0, STREAMS_SHOWN_MAX)
      .map(({ cursor, depth }) => ({
        id: cursor.stream,
        epoch: streamOf(cursor.stream)?.epoch ?? "",
        lastSeq: streamOf(cursor.stream)?.top ?? 0,
        acknowledged: cursor.seq,
        waiting: depth.waiting,
      })),
    types: [...counts]
      .map(([type, events]) => ({ type, events }))
      .toSorted((a, b) => b.events - a.events || (a.type < b.type ? -1 : 1)),
    countedMax: COUNTED_MAX,
    parkedTotal: await store.parkedCount(receiver.name),
    parked: parked.toReversed().map(({ data: _data, receiver: _receiver, ...entry }) => entry),
  };
}
