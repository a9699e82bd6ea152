/**
 * Tickets: how a web app tells the hub what one of its visitors may see. The app signs a ticket for a visitor it knows,
 * the visitor's browser hands it to the hub in its first frame.
 *
 *   gw1.<kind>.<claims>.<mac>     claims: base64url of JSON     mac: base64url of HMAC-SHA256 over what stands before it
 *
 *   kind t   a ticket: for one connection, to be used within `TICKET_AGE_MAX_S`
 *   kind r   a resume token: made by the hub alone, for coming back until the authorization ends
 *
 * Nothing in a ticket is secret; whoever holds it can read it.
 */
import { createHmac, type KeyObject, randomBytes, timingSafeEqual } from "node:crypto";
import * as z from "zod";

/** Seconds a ticket may be waiting for its use. */
export const TICKET_AGE_MAX_S = 60;
/** Seconds an authorization lasts that says nothing of its end, and the longest it may say. */
export const AUTHORIZATION_S = 3_600;
export const AUTHORIZATION_S_MAX = 86_400;
export const TICKET_CHARACTERS_MAX = 2_048;
/** Clocks of app and hub may differ by this. */
const CLOCK_TOLERANCE_S = 10;

const VERSION = "gw1";
const LIST_MAX = 32;

const claimsSchema = z.strictObject({
  /** Names this ticket: a second use is refused. */
  jti: z.string().min(8).max(64),
  /** Unix seconds after which it may not be used any more. */
  exp: z.int().positive(),
  /** Unix seconds at which the authorization ends; the browser needs another ticket by then. */
  cexp: z.int().positive(),
  /** Who it is for, in the app's own words: connections are counted by it. */
  sub: z.string().min(1).max(128).optional(),
  views: z.array(z.string().max(32)).min(1).max(LIST_MAX),
  /** Without it, of every guild of the hub. */
  guilds: z.array(z.string().max(20)).min(1).max(LIST_MAX).optional(),
  /** The only origin whose pages may use it, such as `https://club.example`. */
  origin: z.string().max(256).optional(),
});
export type TicketClaims = z.infer<typeof claimsSchema>;
export type TicketKind = "ticket" | "resume";

const KIND_LETTER: Readonly<Record<TicketKind, string>> = { ticket: "t", resume: "r" };

export interface TicketWish extends Pick<TicketClaims, "views" | "sub" | "guilds" | "origin"> {
  /** How long the visitor may stay before another ticket is needed: 60 to 86,400 s; an hour unless said otherwise. */
  readonly authorizationS?: number;
}

/**
 * A ticket for one visitor, to be made when they ask for it. `key` is the first of `readSecrets(HUB_TICKET_SECRET)`.
 * Throws a `RangeError` that names the field for what the hub would refuse.
 */
export function mintTicket(wish: TicketWish, key: KeyObject, nowMs: number = Date.now()): string {
  const { authorizationS = AUTHORIZATION_S, ...rest } = wish;
  const nowS = Math.floor(nowMs / 1_000);
  if (!(authorizationS >= TICKET_AGE_MAX_S && authorizationS <= AUTHORIZATION_S_MAX)) {
    throw new RangeError(`authorizationS must be from ${TICKET_AGE_MAX_S} to ${AUTHORIZATION_S_MAX}`);
  }
  const claims = {
    ...rest,
    jti: randomBytes(12).toString("base64url"),
    exp: nowS + TICKET_AGE_MAX_S,
    cexp: nowS + Math.floor(authorizationS),
  };
  return signTicket("ticket", claims, key);
}

/** Signs claims as they are. Throws a `RangeError` for claims that no hub would take. */
export function signTicket(kind: TicketKind, claims: TicketClaims, key: KeyObject): string {
  const checked = claimsSchema.safeParse(claims);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw new RangeError(`${issue?.path.join(".") || "the ticket"}: ${issue?.message}`);
  }
  const body = Buffer.from(JSON.stringify(checked.data)).toString("base64url");
  const signed = `${VERSION}.${KIND_LETTER[kind]}.${body}`;
  const ticket = `${signed}.${mac(signed, key).toString("base64url")}`;
  if (ticket.length > TICKET_CHARACTERS_MAX) {
    throw new RangeError(
      `the ticket would have ${ticket.length} characters of at most ${TICKET_CHARACTERS_MAX}`,
    );
  }
  return ticket;
}

export type TicketProblem = "malformed" | "invalid_signature" | "expired" | "too_far_ahead";

export type TicketOutcome =
  | { readonly ok: true; readonly kind: TicketKind; readonly claims: TicketClaims }
  | { readonly ok: false; readonly code: TicketProblem; readonly problem: string };

/** Everything but whether the ticket was used before and fits its bearer, which the hub alone can tell. */
export function verifyTicket(text: string, keys: readonly KeyObject[], nowMs: number): TicketOutcome {
  if (text.length > TICKET_CHARACTERS_MAX) return refused("malformed", "the ticket is too long");
  const [version, letter, body = "", given = "", ...rest] = text.split(".");
  const kind = letter === "t" ? "ticket" : letter === "r" ? "resume" : undefined;
  if (version !== VERSION || kind === undefined || rest.length > 0) {
    return refused("malformed", `a ticket looks like ${VERSION}.t.<claims>.<mac>`);
  }
  const bytes = Buffer.from(given, "base64url");
  let matched = false;
  for (const key of keys) {
    const wanted = mac(`${version}.${letter}.${body}`, key);
    matched = (bytes.length === wanted.length && timingSafeEqual(bytes, wanted)) || matched;
  }
  if (!matched) return refused("invalid_signature", "the ticket is signed with no secret this hub knows");
  const claims = readClaims(body);
  return claims === undefined
    ? refused("malformed", "the ticket's claims cannot be read")
    : timely(kind, claims, nowMs);
}

function timely(kind: TicketKind, claims: TicketClaims, nowMs: number): TicketOutcome {
  const nowS = nowMs / 1_000;
  const endsAtS = kind === "ticket" ? Math.min(claims.exp, claims.cexp) : claims.cexp;
  if (nowS > endsAtS + CLOCK_TOLERANCE_S) {
    return refused("expired", `the ticket ended ${Math.round(nowS - endsAtS)} s ago`);
  }
  const isFarAhead =
    (kind === "ticket" && claims.exp > nowS + TICKET_AGE_MAX_S + CLOCK_TOLERANCE_S) ||
    claims.cexp > nowS + AUTHORIZATION_S_MAX + CLOCK_TOLERANCE_S;
  if (isFarAhead) {
    const most = `exp may be ${TICKET_AGE_MAX_S} s ahead and cexp ${AUTHORIZATION_S_MAX} s; check both clocks`;
    return refused("too_far_ahead", most);
  }
  return { ok: true, kind, claims };
}

function readClaims(body: string): TicketClaims | undefined {
  try {
    return claimsSchema.safeParse(JSON.parse(Buffer.from(body, "base64url").toString("utf8"))).data;
  } catch {
    return undefined;
  }
}

function mac(text: string, key: KeyObject): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function refused(code: TicketProblem, problem: string): TicketOutcome {
  return { ok: false, code, problem };
}
