import * as z from "zod";
import { id, isoTime } from "./fields.ts";

export const activitySchema = z.object({
  /** Discord's activity types: 0 game, 1 streaming, 2 music of any player, 3 watching, 5 competing. */
  type: z.int(),
  name: z.string(),
  applicationId: id.nullable(),
  /** Of music: the track; `state` are the artists, `largeText` is the album. */
  details: z.string().nullable(),
  state: z.string().nullable(),
  syncId: z.string().nullable(),
  largeText: z.string().nullable(),
  platform: z.string().nullable(),
});
/** Something that a person who opted in does. */
export type Activity = z.infer<typeof activitySchema>;

const spanData = z.object({
  userId: id,
  /** The same for all events of one span. */
  spanId: z.string(),
  activity: activitySchema,
  startedAt: isoTime,
  /** The bot did not see the beginning: `startedAt` is when it first saw the activity. */
  approx: z.literal(true).optional(),
});

/** The events of `app/<application>/<guild>/presence`, for people who opted in and nobody else. */
export const PRESENCE_EVENTS = {
  "activity.started": spanData,
  "activity.changed": spanData,
  "activity.ended": spanData.extend({
    endedAt: isoTime,
    /** The end was not seen: a lost session, or a platform that reports ends late. */
    endApprox: z.literal(true).optional(),
    /** Longer than anyone plays: most likely a console in rest mode. */
    doubtful: z.literal(true).optional(),
  }),
} as const satisfies Record<string, z.ZodType>;
