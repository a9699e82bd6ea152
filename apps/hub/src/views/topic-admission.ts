/**
 * Which topics a browser may have. A guild the hub has not heard of counts as one whose worker has not arrived yet: the
 * topic is empty and fills by itself. A view nobody configured is said to be unknown, not empty.
 */
import type { Grant, TopicAdmission } from "@guildwire/live";
import type { Views } from "./views.ts";

const VOICE_TOPIC = /^voice\/(\d{1,20})\/([a-z][a-z0-9-]{0,31})$/;

export interface VoiceTopicName {
  readonly guildId: string;
  readonly view: string;
}

export function readVoiceTopic(topic: string): VoiceTopicName | undefined {
  const [, guildId, view] = VOICE_TOPIC.exec(topic) ?? [];
  return guildId === undefined || view === undefined ? undefined : { guildId, view };
}

/** `grant`: what the browser's ticket says. Without one it may have what is open to anyone. */
export function admitTopic(views: Views, topic: string, grant?: Grant): TopicAdmission {
  const name = readVoiceTopic(topic);
  if (name === undefined) {
    return { ok: false, code: "unknown_topic", message: "a topic looks like voice/<guild id>/<view>" };
  }
  const view = views.get(name.view);
  if (view === undefined) {
    return { ok: false, code: "unknown_topic", message: `this hub has no view called ${name.view}` };
  }
  if (view.access === "anyone") return { ok: true };
  const isNamed = grant?.views.includes(name.view) === true;
  if (isNamed && (grant.guilds === null || grant.guilds.includes(name.guildId))) return { ok: true };
  if (isNamed) {
    return { ok: false, code: "forbidden", message: `the ticket is not for the guild ${name.guildId}` };
  }
  return { ok: false, code: "forbidden", message: `the view ${name.view} needs a ticket that names it` };
}
