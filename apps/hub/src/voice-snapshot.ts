import { createServerFn } from "@tanstack/react-start";
import { readVoiceSnapshot } from "./server/page-snapshot.ts";

/**
 * For the loader of `/`: the guild's topic as it is now, and the position to subscribe from. Runs on the server only;
 * a browser that navigates calls it over HTTP. `guildId` is null until the hub knows a guild.
 */
export const getVoiceSnapshot = createServerFn({ method: "GET" }).handler(() => readVoiceSnapshot());
