/**
 * `POST /control` of the health port: an operator's request, signed with `HUB_SECRET` as a delivery is, because whoever
 * may start commands has the worker's environment. Rules of this file:
 *   - the signature is verified before anything looks into the body;
 *   - a request is performed once: its id is remembered for longer than its signature is good.
 */
import type { KeyObject } from "node:crypto";
import { REPLAY_WINDOW_S, verifyDelivery, WEBHOOK_HEADERS } from "@guildwire/events";
import { type Clock, systemClock } from "@guildwire/runtime";
import { controlRequestSchema, type OutboxOperator } from "./control-request.ts";

export interface ControlAnswer {
  readonly status: number;
  readonly json: unknown;
}

export type ControlDoor = (
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: Buffer,
) => Promise<ControlAnswer>;

/** Requests of one window that are remembered; more are refused until some are forgotten. */
const REMEMBERED_MAX = 1_000;

export function createControlDoor(
  keys: readonly KeyObject[],
  operator: OutboxOperator,
  clock: Pick<Clock, "wallMs" | "monotonicMs"> = systemClock,
): ControlDoor {
  const forgetAtMs = new Map<string, number>();

  /** `undefined`: it may be performed, and will not be again. */
  function remember(id: string): string | undefined {
    const nowMs = clock.monotonicMs();
    for (const [each, atMs] of forgetAtMs) if (atMs < nowMs) forgetAtMs.delete(each);
    if (forgetAtMs.has(id)) return "this request was performed already";
    if (forgetAtMs.size >= REMEMBERED_MAX) return "too many requests; wait a few minutes";
    forgetAtMs.set(id, nowMs + 2 * REPLAY_WINDOW_S * 1_000);
    return undefined;
  }

  return async (headers, body) => {
    const header = (name: string) => {
      const value = headers[name];
      return typeof value === "string" ? value : undefined;
    };
    const verified = verifyDelivery(
      {
        id: header(WEBHOOK_HEADERS.id),
        timestamp: header(WEBHOOK_HEADERS.timestamp),
        signature: header(WEBHOOK_HEADERS.signature),
      },
      body,
      keys,
      clock.wallMs(),
    );
    if (!verified.ok) return refusal(401, verified.problem);
    const request = controlRequestSchema.safeParse(parsed(body));
    if (!request.success) return refusal(400, "not a request of this version");
    const refused = remember(verified.id);
    if (refused !== undefined) return refusal(409, refused);
    switch (request.data.command) {
      case "inspectOutbox":
        return { status: 200, json: await operator.inspect() };
      case "replay":
        return { status: 200, json: await operator.replay(request.data.parked, request.data.receiver) };
    }
  };
}

function refusal(status: number, error: string): ControlAnswer {
  return { status, json: { error } };
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}
