/** A topic for the pages that stand on other people's pages: what anyone may have, and a reason where nobody may. */

import { type VoiceEntry, voiceTopic } from "@guildwire/client/rooms";
import type { Position, TopicAdmission } from "@guildwire/live";
import type { TopicReader } from "../../../http/topic-reader.ts";

export type OpenTopic =
  | {
      readonly ok: true;
      readonly position: Position;
      readonly entries: readonly VoiceEntry[];
      /** Where the page opens its socket, also from a sandboxed frame. */
      readonly socketUrl: string;
    }
  | { readonly ok: false; readonly status: 403 | 404; readonly message: string };

export interface OpenTopicParts {
  readonly reader: TopicReader;
  readonly admitTopic: (topic: string) => TopicAdmission;
  readonly socketUrl: string;
}

export async function readOpenTopic(
  guildId: string,
  view: string,
  { reader, admitTopic, socketUrl }: OpenTopicParts,
): Promise<OpenTopic> {
  const topic = voiceTopic(guildId, view);
  const admission = admitTopic(topic);
  if (!admission.ok) {
    return { ok: false, status: admission.code === "forbidden" ? 403 : 404, message: admission.message };
  }
  const { position, entries } = await reader.read(topic);
  // A voice topic has only been written by the projection, which writes these values.
  return { ok: true, position, entries: entries as readonly VoiceEntry[], socketUrl };
}
