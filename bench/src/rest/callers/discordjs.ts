import { REST } from "@discordjs/rest";
import type { Caller, CallerJob } from "./caller.ts";

export async function open({ apiUrl, token }: CallerJob): Promise<Caller> {
  const rest = new REST({ version: "10", api: apiUrl }).setToken(token);
  return async (method, path, body) => {
    await (method === "POST" ? rest.post(path, { body }) : rest.get(path));
    return true;
  };
}
