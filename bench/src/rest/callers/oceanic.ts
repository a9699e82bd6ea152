import { Client } from "oceanic.js";
import type { Caller, CallerJob } from "./caller.ts";

export async function open({ apiUrl, token }: CallerJob): Promise<Caller> {
  const client = new Client({ auth: `Bot ${token}`, rest: { baseURL: `${apiUrl}/v10` } });
  client.on("error", () => undefined);
  return async (method, path, json) => {
    await client.rest.request({ method, path, auth: true, ...(json === undefined ? {} : { json }) });
    return true;
  };
}
