/**
 * What pages ask of the hub. Each runs on the server only; the compiler of TanStack Start leaves its body out of the
 * browser's bundle.
 */
import { createIsomorphicFn, createServerFn } from "@tanstack/react-start";
import { getRequestHeader, setResponseStatus } from "@tanstack/react-start/server";
import type { OpenTopic } from "./features/rooms/embed/open-topic.ts";
import { getRuntime } from "./server/runtime.ts";

/**
 * For the loader of `/`: the guild's topic as it is now, and the position to subscribe from. A browser that navigates
 * calls it over HTTP. `guildId` is null until the hub knows a guild.
 */
export const getVoiceSnapshot = createServerFn({ method: "GET" }).handler(async () =>
  (await getRuntime()).readVoiceSnapshot(),
);

/**
 * A ticket for the view that the page at `/` shows, for one use by a page of this hub: it is bound to the origin that
 * asks. Start answers server functions to its own origin only (Sec-Fetch-Site, or else Origin and Referer).
 */
export const fetchPageTicket = createServerFn({ method: "POST" }).handler(async () =>
  (await getRuntime()).mintPageTicket(getRequestHeader("origin")),
);

/** For the page at `/`: the last day of its rooms; `null` where none is kept. A browser calls it over HTTP. */
export const getRoomHistory = createServerFn({ method: "GET" }).handler(async () => {
  const hub = await getRuntime();
  const { topic } = await hub.readVoiceSnapshot();
  return topic === null ? null : hub.readHistory(topic);
});

export interface OpenTopicRequest {
  readonly guildId: string;
  readonly view: string;
}

/**
 * For the loaders of embed and overlay: the topic as it is now, and the position to subscribe from; a page that may not be
 * shown has that status. Browsers do not call it, so nothing answers it over HTTP: its input would be read by Start,
 * which prints a stack for each that is malformed.
 */
export const getOpenTopic = createIsomorphicFn()
  .server(async ({ data: { guildId, view } }: { readonly data: OpenTopicRequest }): Promise<OpenTopic> => {
    const topic = await (await getRuntime()).readOpenTopic(guildId, view);
    if (!topic.ok) setResponseStatus(topic.status);
    return topic;
  })
  .client((_request: { readonly data: OpenTopicRequest }): Promise<OpenTopic> => {
    throw new Error("the topic of an embed comes with its page");
  });
