import type { Offices } from "./application/invoke.ts";
import { isSignatureGood, signFiles } from "./files/file-address.ts";
import type { FileStore } from "./files/file-store.ts";
import type { GatewayState } from "./gateway/gateway-state.ts";
import { NonceMemory } from "./rest/message/nonce-memory.ts";
import { newRateLimits, type RateLimits } from "./rest/rate-limit.ts";
import type { RestAnswer, RestRequest } from "./rest/rest-answer.ts";
import { answerRest } from "./rest/rest-api.ts";
import type { SimSettings } from "./sim-options.ts";
import type { RestStats } from "./sim-stats.ts";

/** The shell around REST: what calls need, how late answers are, and the files they speak of. */
export class RestShell {
  readonly #settings: SimSettings;
  readonly #offices: Offices;
  readonly #gateway: GatewayState;
  readonly #files: FileStore;
  readonly #key: string;
  readonly #limits: RateLimits = newRateLimits();
  readonly #nonces = new NonceMemory();
  readonly #delayed = new Set<() => void>();
  readonly #stats = { restRequests: 0, restInvalidRequests: 0, messagesSent: 0 };

  constructor(settings: SimSettings, offices: Offices, gateway: GatewayState, files: FileStore, key: string) {
    this.#settings = settings;
    this.#offices = offices;
    this.#gateway = gateway;
    this.#files = files;
    this.#key = key;
  }

  get stats(): RestStats {
    return { ...this.#stats };
  }

  answer(request: RestRequest, authority: string, reply: (answer: RestAnswer) => void): void {
    this.#stats.restRequests += 1;
    const { clock, shards, restCallsPerSecondMax, strictUserAgent } = this.#settings;
    const atMs = clock.nowMs();
    const answer = answerRest(request, {
      ...this.#offices,
      gateway: this.#gateway,
      limits: this.#limits,
      files: this.#files,
      nonces: this.#nonces,
      faults: this.#gateway.faults,
      gatewayUrl: `ws://${authority}/gateway`,
      shards,
      callsPerSecondMax: restCallsPerSecondMax,
      strictUserAgent,
      atMs,
    });
    if (request.method === "POST" && answer.status === 200 && MESSAGE_PATH.test(request.path)) {
      this.#stats.messagesSent += 1;
    }
    if ([401, 403, 429].includes(answer.status)) this.#stats.restInvalidRequests += 1;
    const signed = this.#signed(answer, authority, atMs);
    const { restDelayMs } = this.#gateway.faults;
    if (restDelayMs === 0) {
      reply(signed);
      return;
    }
    const cancel = clock.after(restDelayMs, () => {
      this.#delayed.delete(cancel);
      reply(signed);
    });
    this.#delayed.add(cancel);
  }

  /** What an address of a file leads to; `undefined` when it is none, or good no more. */
  file(
    path: string,
    query: URLSearchParams,
  ): { readonly bytes: Buffer; readonly contentType: string } | undefined {
    const atMs = this.#settings.clock.nowMs();
    return isSignatureGood(path, query, this.#key, atMs) ? this.#files.get(path) : undefined;
  }

  close(): void {
    for (const cancel of this.#delayed) cancel();
    this.#delayed.clear();
  }

  #signed(answer: RestAnswer, authority: string, atMs: number): RestAnswer {
    if (answer.body === undefined) return answer;
    return {
      ...answer,
      json: signFiles(
        JSON.stringify(answer.body),
        () => `http://${authority}`,
        this.#key,
        () => atMs,
      ),
    };
  }
}

const MESSAGE_PATH = /^\/channels\/\d+\/messages$/;
