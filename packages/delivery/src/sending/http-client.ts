/** undici's client as deliveries use it: absolute URLs, one agent, with or without a proxy. */
import { basicAuthentication } from "@guildwire/runtime";
import { Agent, type Dispatcher, EnvHttpProxyAgent, request as send } from "undici";

/** HTTP proxies; an environment names them as `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`. */
export interface Proxies {
  /** URL of the proxy for `http:` targets; `null`: they are reached directly. */
  readonly httpProxy: string | null;
  /** URL of the proxy for `https:` and `wss:` targets; that of `http:` when only that one is set. */
  readonly httpsProxy: string | null;
  /** Hosts that are reached directly, separated by commas. Always includes this machine. */
  readonly noProxy: string;
}

type RequestOptions = Omit<Dispatcher.RequestOptions, "path" | "method" | "headers" | "origin"> & {
  readonly method: Dispatcher.HttpMethod;
  readonly headers: Readonly<Record<string, string>>;
};

export interface HttpClient {
  /**
   * Rejects when there is no answer; any status is an answer. Redirects are not followed. The URL's user name and
   * password are sent as basic authentication.
   */
  request(url: string, options: RequestOptions): Promise<Dispatcher.ResponseData>;
  close(): Promise<void>;
}

export interface HttpClientOptions extends Omit<Agent.Options, "connect"> {
  readonly connectTimeoutMs: number;
  /** `null`: every host is reached directly. */
  readonly proxies: Proxies | null;
}

/** Close it when it is no longer used. */
export function createHttpClient({ connectTimeoutMs, proxies, ...options }: HttpClientOptions): HttpClient {
  const dispatcher =
    proxies === null
      ? new Agent({ ...options, connect: { timeout: connectTimeoutMs } })
      : proxiedAgent(options, proxies, connectTimeoutMs);
  return {
    async request(url, { headers, ...requestOptions }) {
      const { origin, pathname, search } = new URL(url);
      const sent = { ...headers, ...basicAuthentication(url) };
      return await send(origin + pathname + search, { ...requestOptions, headers: sent, dispatcher });
    },
    close: () => dispatcher.close(),
  };
}

function proxiedAgent(
  options: Agent.Options,
  { httpProxy, httpsProxy, noProxy }: Proxies,
  connectTimeoutMs: number,
): Dispatcher {
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
