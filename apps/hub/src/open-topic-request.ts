import { createIsomorphicFn } from "@tanstack/react-start";
import type { OpenTopic } from "./http/open-topic.ts";
import { readOpenTopic } from "./server/open-topic-answer.ts";

export interface OpenTopicRequest {
  readonly guildId: string;
  readonly view: string;
}

/**
 * For the loaders of embed and overlay: the topic as it is now, and the position to subscribe from. Browsers do not call
 * it, so nothing answers it over HTTP: its input would be read by Start, which prints a stack for each that is malformed.
 */
export const getOpenTopic = createIsomorphicFn()
  .server(({ data: { guildId, view } }: { readonly data: OpenTopicRequest }) => readOpenTopic(guildId, view))
  .client((_request: { readonly data: OpenTopicRequest }): Promise<OpenTopic> => {
    throw new Error("the topic of an embed comes with its page");
  });
