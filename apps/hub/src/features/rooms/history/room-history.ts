/**
 * What is told of a topic's last day: how many people were in each room, and who came, went and moved. This is the
 * shape of `GET /api/rt/v1/history/<topic>` and of what the page is rendered from.
 */
import { ACTIVITY_TOLD_MAX, BUCKET_MS, BUCKETS, bucketOf, DAY_MS, type Peaks, peakIn } from "./day.ts";
import type { TopicHistory } from "./topic-history.ts";

export interface RoomHistory {
  readonly topic: string;
  /** The position of the topic up to which this is told: what a reader of the topic learns after it, is not in here. */
  readonly e: string;
  readonly o: number;
  /** When this was told, Unix ms. */
  readonly at: number;
  /** When the first bucket begins, Unix ms. The last one is going on. */
  readonly from: number;
  readonly bucketMs: number;
  /** Per bucket, the most people at once in all rooms that the topic had then; `null` = not known. */
  readonly together: readonly (number | null)[];
  /** The rooms the topic has now, by id: their order on a page is the topic's to say. */
  readonly rooms: readonly RoomSeries[];
  /** Newest first. */
  readonly activity: readonly Activity[];
}

export interface RoomSeries {
  readonly id: string;
  readonly name: string;
  /** Per bucket, oldest first, the most people at once; `null` = not known, which is not the same as nobody. */
  readonly people: readonly (number | null)[];
}

export interface Activity {
  /** With `person.id` it names this activity: the offset of the topic at which it was learned. */
  readonly o: number;
  readonly atMs: number;
  readonly type: "joined" | "left" | "moved";
  readonly person: { readonly id: string; readonly name: string; readonly avatarUrl: string | null };
  /** Where they came to, went from, or moved from. */
  readonly room: ActivityRoom;
  /** Where they moved to. */
  readonly to?: ActivityRoom;
  /** It was learned late: `atMs` is when that was, not when it happened. */
  readonly approx?: true;
}

export interface ActivityRoom {
  readonly id: string;
  readonly name: string;
}

export function tellHistory(topic: string, history: TopicHistory, nowMs: number): RoomHistory {
  const first = bucketOf(nowMs) - BUCKETS + 1;
  const series = (peaks: Peaks) =>
    Array.from({ length: BUCKETS }, (_, index) => peakIn(peaks, first + index));
  return {
    topic,
    e: history.position.epoch,
    o: history.position.offset,
    at: nowMs,
    from: first * BUCKET_MS,
    bucketMs: BUCKET_MS,
    together: series(history.together),
    rooms: [...history.rooms]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, { name, peaks }]) => ({ id, name, people: series(peaks) })),
    activity: history.activity
      .filter(({ atMs }) => atMs > nowMs - DAY_MS)
      .slice(-ACTIVITY_TOLD_MAX)
      .reverse(),
  };
}
