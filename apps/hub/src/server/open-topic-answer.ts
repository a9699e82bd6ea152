import { setResponseStatus } from "@tanstack/react-start/server";
import type { OpenTopic } from "../http/open-topic.ts";
import { getRuntime } from "./runtime.ts";

/** What an embed or an overlay starts from. A page that may not be shown says why, and its status does as well. */
export async function readOpenTopic(guildId: string, view: string): Promise<OpenTopic> {
  const topic = await getRuntime().readOpenTopic(guildId, view);
  if (!topic.ok) setResponseStatus(topic.status);
  return topic;
}
