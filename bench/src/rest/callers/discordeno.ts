import { createRestManager } from "@discordeno/rest";
import type { Caller, CallerJob } from "./caller.ts";

export async function open({ apiUrl, token }: CallerJob): Promise<Caller> {
  const quiet = () => undefined;
  const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet, fatal: quiet };
  // A base URL of another host is a proxy to it, which is asked with the same paths and the bot's own authorization.
  const rest = createRestManager({
    token,
    applicationId: 1n,
    logger,
    proxy: { baseUrl: apiUrl, authorization: `Bot ${token}` },
  });
  // With a proxy it leaves all limits to that; without, it keeps them itself, which is what is measured.
  rest.isProxied = false;
  return async (method, path, body) => {
    await (method === "POST" ? rest.post(path, { body: body as never }) : rest.get(path));
    return true;
  };
}
