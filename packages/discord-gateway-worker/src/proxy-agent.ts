/** Node's own agents with a proxy: for the Gateway's socket and the REST call, which Node's client makes. */
import type { Agent } from "node:http";
import https from "node:https";
import type { Proxies } from "@guildwire/delivery";
import { http } from "./node-http.ts";

/** `undefined` where the connection is direct. `https:` and `wss:` go through a tunnel (CONNECT). */
export function proxyAgent(url: string, proxies: Proxies | null): Agent | undefined {
  if (proxies === null) return undefined;
  const { httpProxy, httpsProxy, noProxy } = proxies;
  if (/^(https|wss):/.test(url)) {
    return httpsProxy === null
      ? undefined
      : new https.Agent({ proxyEnv: { HTTPS_PROXY: httpsProxy, NO_PROXY: noProxy } });
  }
  // A plain `ws:` is a simulator's; proxies open tunnels for TLS only.
  if (url.startsWith("ws:") || httpProxy === null) return undefined;
  return new http.Agent({ proxyEnv: { HTTP_PROXY: httpProxy, NO_PROXY: noProxy } });
}
