/**
 * The streams that a worker sends, by family: which events a stream carries, how its id is made, and whether it is a
 * stream of *state* or of *facts*. Compaction, `409`, new epochs, parking and replay act on that word and on no other.
 *
 * - STR-1 A state stream can be replaced by a snapshot at any time; what came before it need not be known.
 * - STR-2 A fact stream is never replaced. Where its numbers jump, an `events.lost` record says from where to where.
 * - STR-3 Ids match `^[a-z0-9_/-]{1,128}$` and are sent as `source`.
 * - STR-4 `stream.closed` may end any stream: the bot has left the guild.
 */

/** A receiver lists the families it wants in `streams`. */
export type StreamFamily = "rooms" | "messages" | "interactions" | "presence" | "dm" | "commands";

export interface StreamFamilyRules {
  readonly kind: "state" | "fact";
  /** The stream has checkpoints: events that say what is true at their place, sent at first sight and on `409`. */
  readonly checkpoints: boolean;
  /** Which of a receiver's three lanes it travels in; chat never delays rooms, and neither delays a click. */
  readonly lane: "state" | "facts" | "interactions";
}

export const STREAM_FAMILIES: Readonly<Record<StreamFamily, StreamFamilyRules>> = {
  rooms: { kind: "state", checkpoints: false, lane: "state" },
  messages: { kind: "fact", checkpoints: true, lane: "facts" },
  interactions: { kind: "fact", checkpoints: false, lane: "interactions" },
  presence: { kind: "fact", checkpoints: false, lane: "facts" },
  dm: { kind: "fact", checkpoints: false, lane: "interactions" },
  commands: { kind: "fact", checkpoints: false, lane: "facts" },
};

/** STR-3. */
export const STREAM_ID = /^[a-z0-9_/-]{1,128}$/;

/** What a stream is about, which its id says. */
export type StreamSubject =
  | { readonly family: "rooms" | "messages"; readonly guildId: string }
  | {
      readonly family: "interactions" | "presence";
      readonly applicationId: string;
      readonly guildId: string;
    }
  | { readonly family: "dm"; readonly applicationId: string }
  | { readonly family: "commands"; readonly applicationId: string; readonly receiver: string };

/** The id of a stream: `41771983423143937`, `41771983423143937/messages`, `app/42/dm`. */
export function streamId(subject: StreamSubject): string {
  switch (subject.family) {
    case "rooms":
      return subject.guildId;
    case "messages":
      return `${subject.guildId}/messages`;
    case "interactions":
    case "presence":
      return `app/${subject.applicationId}/${subject.guildId}/${subject.family}`;
    case "dm":
      return `app/${subject.applicationId}/dm`;
    case "commands":
      return `app/${subject.applicationId}/commands/${subject.receiver}`;
  }
}

const ID = String.raw`(\d{1,20})`;
const GUILD = new RegExp(`^${ID}(/messages)?$`);
const APP_GUILD = new RegExp(`^app/${ID}/${ID}/(interactions|presence)$`);
const APP_DM = new RegExp(`^app/${ID}/dm$`);
const APP_COMMANDS = new RegExp(`^app/${ID}/commands/([a-z0-9_-]+)$`);

/** What a stream is about; `undefined` for the id of a stream that no worker sends. */
export function streamSubject(id: string): StreamSubject | undefined {
  if (!STREAM_ID.test(id)) return undefined;
  const guild = GUILD.exec(id);
  if (guild?.[1] !== undefined) {
    return { family: guild[2] === undefined ? "rooms" : "messages", guildId: guild[1] };
  }
  const inGuild = APP_GUILD.exec(id);
  if (inGuild?.[1] !== undefined && inGuild[2] !== undefined) {
    const family = inGuild[3] === "presence" ? "presence" : "interactions";
    return { family, applicationId: inGuild[1], guildId: inGuild[2] };
  }
  const direct = APP_DM.exec(id);
  if (direct?.[1] !== undefined) return { family: "dm", applicationId: direct[1] };
  const commands = APP_COMMANDS.exec(id);
  if (commands?.[1] !== undefined && commands[2] !== undefined) {
    return { family: "commands", applicationId: commands[1], receiver: commands[2] };
  }
  return undefined;
}

/** Of a stream that this version does not know nothing may be skipped, so it counts as one of facts. */
export function streamKind(id: string): "state" | "fact" {
  const subject = streamSubject(id);
  return subject === undefined ? "fact" : STREAM_FAMILIES[subject.family].kind;
}
