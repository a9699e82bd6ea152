import { RestClient, type RestRoute, restRoute } from "../../../../packages/discord-rest/src/index.ts";
import type { Caller, CallerJob } from "./caller.ts";

export async function open({ apiUrl, token }: CallerJob): Promise<Caller> {
  const rest = await RestClient.open({
    apiUrl: `${apiUrl}/v10`,
    token: { reveal: () => token } as never,
    userAgent: "DiscordBot (https://github.com/guildwire/guildwire, 0.1.0)",
  });
  return async (method, path, body) => {
    const outcome = await rest.request(routeOf(method, path, body), { deadlineMs: 600_000 });
    return outcome.stage === "answered" && outcome.ok;
  };
}

function routeOf(method: "GET" | "POST", path: string, body?: object): RestRoute {
  const content = body === undefined ? {} : { body };
  const [, , id = "", more, userId = ""] = path.split("/");
  if (method === "POST")
    return restRoute("POST", "/channels/{channelId}/messages", { channelId: id }, content);
  if (more === "members")
    return restRoute("GET", "/guilds/{guildId}/members/{userId}", { guildId: id, userId });
  return restRoute("GET", "/channels/{channelId}", { channelId: id });
}
