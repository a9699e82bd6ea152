import { type Emoji, readEmoji } from "../emoji.ts";
import { asFlag, asInteger, asObject, asString, asTime, readEach } from "../fields.ts";

/** Source: https://discord.com/developers/docs/resources/poll#poll-object */
export interface Poll {
  readonly question: string;
  readonly answers: readonly { readonly id: number; readonly text: string; readonly emoji: Emoji | null }[];
  /** ISO 8601; `null` for a poll without an end. */
  readonly expiresAt: string | null;
  readonly multiselect: boolean;
  /** `null` = not known, which is not zero. An answer that is missing in `counts` has no votes. */
  readonly results: {
    /** Counts are approximate until this is true. */
    readonly finalized: boolean;
    readonly counts: readonly { readonly id: number; readonly count: number }[];
  } | null;
}

export function readPoll(value: unknown): Poll | null {
  const poll = asObject(value);
  if (poll === undefined) return null;
  const results = asObject(poll["results"]);
  return {
    question: asString(asObject(poll["question"])?.["text"]) ?? "",
    answers: readEach(poll["answers"], (answer) => {
      const id = asInteger(answer["answer_id"]);
      const media = asObject(answer["poll_media"]);
      if (id === undefined) return undefined;
      return { id, text: asString(media?.["text"]) ?? "", emoji: readEmoji(media?.["emoji"]) ?? null };
    }),
    expiresAt: asTime(poll["expiry"]) ?? null,
    multiselect: asFlag(poll["allow_multiselect"]),
    results:
      results === undefined
        ? null
        : {
            finalized: asFlag(results["is_finalized"]),
            counts: readEach(results["answer_counts"], (entry) => {
              const id = asInteger(entry["id"]);
              return id === undefined ? undefined : { id, count: asInteger(entry["count"]) ?? 0 };
            }),
          },
  };
}
