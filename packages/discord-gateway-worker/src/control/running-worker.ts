/** A running worker as commands see it: its health port. */

import type { KeyObject } from "node:crypto";
import { randomBytes } from "node:crypto";
import { signedHeaders } from "@guildwire/delivery";
import { basicAuthentication } from "@guildwire/runtime";
import type { z } from "zod";
import { describeFetchError } from "../discord-rest.ts";
import { inspectedOutboxSchema } from "../store/outbox-view.ts";
import { type ControlRequest, type OutboxOperator, replayedSchema } from "./control-request.ts";

const TIMEOUT_MS = 10_000;

export type HealthOutcome =
  | { readonly kind: "answered"; readonly status: number; readonly json: Readonly<Record<string, unknown>> }
  /** Nothing listens there. */
  | { readonly kind: "absent" }
  /** Something listens, and it is no worker or does not answer. */
  | { readonly kind: "mute"; readonly detail: string };

export async function readHealth(url: string): Promise<HealthOutcome> {
  // `PORT=0` lets the system choose: where that is, nobody can know.
  if (new URL(url).port === "0") return { kind: "absent" };
  try {
    const { address, authentication } = target("/health", url);
    const response = await fetch(address, {
      headers: authentication,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const json: unknown = await response.json();
    if (typeof json !== "object" || json === null || !("state" in json)) {
      return { kind: "mute", detail: "what answers there is no worker" };
    }
    return { kind: "answered", status: response.status, json: json as Record<string, unknown> };
  } catch (error) {
    const { cause } = error as { readonly cause?: { readonly code?: string } };
    if (cause?.code === "ECONNREFUSED") return { kind: "absent" };
    return { kind: "mute", detail: describeFetchError(error) };
  }
}

/** `fetch` refuses an address with a user name and password; a proxy in front of the health port may ask for them. */
function target(path: string, url: string) {
  const address = new URL(path, url);
  const authentication = { ...basicAuthentication(address.href) };
  address.username = "";
  address.password = "";
  return { address, authentication };
}

export function runningWorker(url: string, keys: readonly KeyObject[]): OutboxOperator {
  async function ask<Schema extends z.ZodType>(
    request: ControlRequest,
    schema: Schema,
  ): Promise<z.infer<Schema>> {
    const id = `control_${randomBytes(12).toString("hex")}`;
    const body = JSON.stringify(request);
    const { address, authentication } = target("/control", url);
    const response = await fetch(address, {
      method: "POST",
      headers: { ...signedHeaders({ id, body }, keys), ...authentication },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const json: unknown = await response.json();
    if (response.status !== 200) {
      const { error } = json as { readonly error?: unknown };
      throw new Error(`the worker at ${url} refused (${response.status}): ${String(error)}`);
    }
    return schema.parse(json);
  }
  return {
    inspect: () => ask({ command: "inspectOutbox" }, inspectedOutboxSchema),
    replay: (parked, receiver) =>
      ask({ command: "replay", parked, ...(receiver !== undefined && { receiver }) }, replayedSchema),
  };
}
