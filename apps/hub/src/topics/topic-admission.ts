/** Which topics a browser may have: each projection answers for its own. */
import type { ConnectionRules, Grant, TopicAdmission } from "@guildwire/live";
import type { Projection } from "../intake/projection.ts";

export type AdmitTopic = (topic: string, grant?: Grant) => TopicAdmission;

export function createTopicAdmission(
  projections: readonly Pick<Projection, "admit" | "topicForm">[],
): AdmitTopic & ConnectionRules["admitTopic"] {
  const forms = projections.map(({ topicForm }) => topicForm).join(" or ");
  return (topic, grant) => {
    for (const projection of projections) {
      const admission = projection.admit(topic, grant);
      if (admission !== undefined) return admission;
    }
    return { ok: false, code: "unknown_topic", message: `a topic looks like ${forms}` };
  };
}
