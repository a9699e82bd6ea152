/** The topics of live rooms: their names, and who may have them. */
import type { Grant, TopicAdmission } from "@guildwire/live";
import { admitView } from "../../../views/view-access.ts";
import type { Views } from "../../../views/views.ts";

const VOICE_TOPIC = /^voice\/(\d{1,20})\/([a-z][a-z0-9-]{0,31})$/;
const STATE_PREFIX = "state/";

export interface VoiceTopicName {
  readonly guildId: string;
  readonly view: string;
}

/** The hub's own topic of a guild, with everything the worker sent. Never admitted, never served. */
export function stateTopic(guildId: string): string {
  return `${STATE_PREFIX}${guildId}`;
}

/** `undefined`: the topic is no guild's state. */
export function readStateTopic(topic: string): string | undefined {
  return topic.startsWith(STATE_PREFIX) ? topic.slice(STATE_PREFIX.length) : undefined;
}

export function readVoiceTopic(topic: string): VoiceTopicName | undefined {
  const [, guildId, view] = VOICE_TOPIC.exec(topic) ?? [];
  return guildId === undefined || view === undefined ? undefined : { guildId, view };
}

/**
 * `undefined`: not a topic of rooms. A guild of which nothing is stored counts as one whose worker has not arrived yet:
 * the topic is empty and fills by itself.
 */
export function admitVoiceTopic(views: Views, topic: string, grant?: Grant): TopicAdmission | undefined {
  const name = readVoiceTopic(topic);
  return name && admitView(views, name.view, name.guildId, grant);
}
