/**
 * What a browser may see, from the ticket it brings.
 *
 *   ticket ──signature, times──▶ origin ──▶ first use ──▶ grant, with a resume token for coming back
 *   nothing ─────────────────────────────────────────▶ the views that are open to anyone
 */
import { type KeyObject, randomBytes } from "node:crypto";
import { signTicket, type TicketClaims, verifyTicket } from "@guildwire/events";
import type { Grant, GrantOutcome, TopicEngine } from "@guildwire/live";

/** A ticket may be used until it ends, and by clocks that differ a little: so long its use is remembered. */
const USES_KEPT_MS = 180_000;

export interface Rights {
  /** Never rejects. `origin`: what the browser said at the handshake. */
  verify(ticket: string, origin: string | undefined): Promise<GrantOutcome>;
}

export interface RightsParts {
  /** The first signs, all verify. */
  readonly keys: readonly KeyObject[];
  readonly engine: Pick<TopicEngine, "once">;
  readonly nowMs: () => number;
}

export const ANYONE: Grant = { subject: null, views: [], guilds: null, expiresAtMs: null, resume: null };

export function createRights({ keys, engine, nowMs }: RightsParts): Rights {
  const [signingKey] = keys;
  if (signingKey === undefined) throw new Error("there is at least one secret for tickets");

  /** For this authorization and this origin, until it ends; it is worth what the connection is worth. */
  const resumeToken = (claims: TicketClaims, origin: string | undefined): string => {
    const jti = randomBytes(9).toString("base64url");
    return signTicket("resume", { ...claims, ...(origin === undefined ? {} : { origin }), jti }, signingKey);
  };

  return {
    async verify(text, origin) {
      const ticket = verifyTicket(text, keys, nowMs());
      if (!ticket.ok)
        return {
          ok: false,
          code: ticket.code === "expired" ? "expired" : "unauthorized",
          message: ticket.problem,
        };
      const { kind, claims } = ticket;
      if (claims.origin !== undefined && claims.origin !== origin) {
        return { ok: false, code: "forbidden", message: `the ticket is for pages of ${claims.origin}` };
      }
      try {
        if (kind === "ticket" && !(await engine.once(`ticket ${claims.jti}`, USES_KEPT_MS))) {
          return { ok: false, code: "unauthorized", message: "the ticket was used before" };
        }
      } catch {
        return { ok: false, code: "unavailable", message: "the ticket's use could not be noted; try again" };
      }
      return {
        ok: true,
        grant: {
          subject: claims.sub ?? null,
          views: claims.views,
          guilds: claims.guilds ?? null,
          expiresAtMs: claims.cexp * 1_000,
          resume: kind === "resume" ? text : resumeToken(claims, origin),
        },
      };
    },
  };
}
