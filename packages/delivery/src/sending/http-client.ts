/// <reference path="./undici-files.d.ts" />
/**
 * The part of undici that delivery uses, by its files: undici's index loads caches, mocks, proxies, `fetch` and
 * WebSocket as well, 13 MB of memory and 0.1 s of every start. The version is pinned, and the tests of delivery run on
 * this very file.
 */
import type { Dispatcher, Agent as UndiciAgent } from "undici";
import requestBy from "undici/lib/api/api-request.js";
import Agent from "undici/lib/dispatcher/agent.js";

type RequestOptions = Omit<Dispatcher.RequestOptions, "path" | "method"> & {
  readonly method: Dispatcher.HttpMethod;
};

export interface HttpClient {
  /** As `request` of undici: rejects when there is no answer, whatever its status is. Redirects are not followed. */
  request(url: string, options: RequestOptions): Promise<Dispatcher.ResponseData>;
  close(): Promise<void>;
}

export function createHttpClient(options: UndiciAgent.Options): HttpClient {
  const agent = new Agent(options);
  return {
    request(url, requestOptions) {
      const { origin, pathname, search } = new URL(url);
      return requestBy.call(agent, { ...requestOptions, origin, path: pathname + search });
    },
    close: () => agent.close(),
  };
}
