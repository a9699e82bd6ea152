/**
 * The part of undici that the worker uses, by its files: undici's index loads caches, mocks, proxies, `fetch` and
 * WebSocket as well, 13 MB of memory and 0.1 s of every start. The version is pinned, and the tests of delivery run on
 * this very file. Only with a proxy the index is loaded.
 */
import { basicAuthentication } from "@guildwire/runtime";
import type { Dispatcher, Agent as UndiciAgent } from "undici";
import requestBy from "undici/lib/api/api-request.js";
import Agent from "undici/lib/dispatcher/agent.js";
import type { Proxies } from "../proxies.ts";

type RequestOptions = Omit<Dispatcher.RequestOptions, "path" | "method" | "headers"> & {
  readonly method: Dispatcher.HttpMethod;
  readonly headers: Readonly<Record<string, string>>;
};

export interface HttpClient {
  /**
   * As `request` of undici: rejects when there is no answer, whatever its status is. Redirects are not followed. The
   * URL's user name and password are sent as basic authentication.
   */
  request(url: string, options: RequestOptions): Promise<Dispatcher.ResponseData>;
  close(): Promise<void>;
}

export interface HttpClientOptions extends Omit<UndiciAgent.Options, "connect"> {
  readonly connectTimeoutMs: number;
  /** `null`: every host is reached directly. */
  readonly proxies: Proxies | null;
}

export function createHttpClient({ connectTimeoutMs, proxies, ...options }: HttpClientOptions): HttpClient {
  const agent =
    proxies === null
      ? new Agent({ ...options, connect: { timeout: connectTimeoutMs } })
      : proxiedAgent(options, proxies, connectTimeoutMs);
  return {
    async request(url, { headers, ...requestOptions }) {
      const { origin, pathname, search } = new URL(url);
      const sent = { ...headers, ...basicAuthentication(url) };
      return requestBy.call(await agent, {
        ...requestOptions,
        headers: sent,
        origin,
        path: pathname + search,
      });
    },
    close: async () => (await agent).close(),
  };
}

async function proxiedAgent(
  options: UndiciAgent.Options,
  { httpProxy, httpsProxy, noProxy }: Proxies,
  connectTimeoutMs: number,
): Promise<Dispatcher> {
  const { EnvHttpProxyAgent } = await import("undici");
  return new EnvHttpProxyAgent({
    ...options,
    connect: { timeout: connectTimeoutMs },
    connectTimeout: connectTimeoutMs,
    // An empty text keeps undici from looking at the environment itself.
    httpProxy: httpProxy ?? "",
    httpsProxy: httpsProxy ?? "",
    noProxy,
  });
}
