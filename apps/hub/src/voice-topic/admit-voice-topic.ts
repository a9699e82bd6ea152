/**
 * Which topics an anonymous browser may have: the public view of any guild. A guild the hub has not heard of counts as
 * one whose worker has not arrived yet: the topic is empty and fills by itself.
 */
import type { TopicAdmission } from "@guildwire/live";

const VOICE_TOPIC = /^voice\/\d{1,20}\/([a-z][a-z0-9-]{0,31})$/;

export function admitVoiceTopic(topic: string): TopicAdmission {
  const view = VOICE_TOPIC.exec(topic)?.[1];
  if (view === "public") return { ok: true };
  if (view === undefined) {
    return { ok: false, code: "unknown_topic", message: "a topic looks like voice/<guild id>/public" };
  }
  return { ok: false, code: "forbidden", message: `the view ${view} is not open to anonymous browsers` };
}
