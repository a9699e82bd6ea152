import { createServerFn } from "@tanstack/react-start";
import { readOpenTopic } from "./server/open-topic-answer.ts";

export interface OpenTopicRequest {
  readonly guildId: string;
  readonly view: string;
}

/** For the loaders of embed and overlay: the topic as it is now, and the position to subscribe from. */
export const getOpenTopic = createServerFn({ method: "GET" })
  .validator((data: OpenTopicRequest) => ({ guildId: String(data.guildId), view: String(data.view) }))
  .handler(({ data }) => readOpenTopic(data.guildId, data.view));
