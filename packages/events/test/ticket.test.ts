import { createHmac, createSecretKey } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  mintTicket,
  signTicket,
  TICKET_CHARACTERS_MAX,
  type TicketClaims,
  verifyTicket,
} from "../src/index.ts";

const key = createSecretKey(Buffer.alloc(32, 1));
const other = createSecretKey(Buffer.alloc(32, 2));
const NOW_MS = 1_790_000_000_000;
const NOW_S = NOW_MS / 1_000;
const CLAIMS: TicketClaims = {
  jti: "ticket-0001",
  exp: NOW_S + 60,
  cexp: NOW_S + 3_600,
  sub: "user 7",
  views: ["members"],
  guilds: ["100"],
  origin: "https://club.example",
};

describe("a ticket", () => {
  it("says what was signed", () => {
    const outcome = verifyTicket(signTicket("ticket", CLAIMS, key), [key], NOW_MS);
    expect(outcome).toEqual({ ok: true, kind: "ticket", claims: CLAIMS });
  });

  it("has a form that any language can make", () => {
    const body = Buffer.from(JSON.stringify(CLAIMS)).toString("base64url");
    const mac = createHmac("sha256", Buffer.alloc(32, 1)).update(`gw1.t.${body}`).digest("base64url");
    expect(signTicket("ticket", CLAIMS, key)).toBe(`gw1.t.${body}.${mac}`);
    expect(verifyTicket(`gw1.t.${body}.${mac}`, [key], NOW_MS)).toMatchObject({ ok: true });
  });

  it("is minted for a minute and an hour, under a name of its own", () => {
    const tickets = [1, 2].map(() => verifyTicket(mintTicket({ views: ["a"] }, key, NOW_MS), [key], NOW_MS));
    expect(tickets[0]).toMatchObject({ claims: { exp: NOW_S + 60, cexp: NOW_S + 3_600, views: ["a"] } });
    const names = tickets.map((outcome) => (outcome.ok ? outcome.claims.jti : ""));
    expect(new Set(names).size).toBe(2);
  });

  it("is taken under any of several secrets, and under no other", () => {
    const ticket = signTicket("ticket", CLAIMS, other);
    expect(verifyTicket(ticket, [key, other], NOW_MS).ok).toBe(true);
    expect(verifyTicket(ticket, [key], NOW_MS)).toMatchObject({ code: "invalid_signature" });
    expect(verifyTicket(ticket, [], NOW_MS)).toMatchObject({ code: "invalid_signature" });
  });

  it("is refused when a letter of it was changed", () => {
    const ticket = signTicket("ticket", CLAIMS, key);
    const macBytes = (text: string): string =>
      Buffer.from(text.split(".")[3] ?? "", "base64url").toString("hex");
    for (let index = 0; index < ticket.length; index++) {
      const letter = ticket[index] === "A" ? "B" : "A";
      const changed = ticket.slice(0, index) + letter + ticket.slice(index + 1);
      // The last letter of base64 has bits that mean nothing.
      if (index > ticket.lastIndexOf(".") && macBytes(changed) === macBytes(ticket)) continue;
      expect(verifyTicket(changed, [key], NOW_MS).ok, `letter ${index}`).toBe(false);
    }
  });

  it("is no resume token, and the other way round", () => {
    const ticket = signTicket("ticket", CLAIMS, key);
    const posing = ticket.replace(".t.", ".r.");
    expect(verifyTicket(posing, [key], NOW_MS)).toMatchObject({ code: "invalid_signature" });
    const token = signTicket("resume", CLAIMS, key);
    expect(verifyTicket(token, [key], NOW_MS)).toMatchObject({ kind: "resume" });
  });

  it("ends after a minute; a resume token with the authorization", () => {
    const [ticket, token] = [signTicket("ticket", CLAIMS, key), signTicket("resume", CLAIMS, key)];
    const [later, muchLater] = [NOW_MS + 71_000, NOW_MS + 3_611_000];
    expect(verifyTicket(ticket, [key], later)).toMatchObject({ code: "expired" });
    expect(verifyTicket(token, [key], later)).toMatchObject({ ok: true });
    expect(verifyTicket(token, [key], muchLater)).toMatchObject({ code: "expired" });
  });

  it("may not reach further ahead than a minute, and its authorization than a day", () => {
    for (const more of [{ exp: NOW_S + 600 }, { cexp: NOW_S + 90_000 }]) {
      const ticket = signTicket("ticket", { ...CLAIMS, ...more }, key);
      expect(verifyTicket(ticket, [key], NOW_MS)).toMatchObject({ code: "too_far_ahead" });
    }
  });

  it.each(["", "gw1", "gw1.t.e30", "gw2.t.e30.AA", "gw1.x.e30.AA", "a.b.c.d.e"])("is not %j", (text) => {
    expect(verifyTicket(text, [key], NOW_MS)).toMatchObject({ ok: false });
  });

  it("is not read when it is too long", () => {
    const long = "x".repeat(TICKET_CHARACTERS_MAX + 1);
    expect(verifyTicket(long, [key], NOW_MS)).toMatchObject({ problem: "the ticket is too long" });
  });

  it("with claims that mean nothing is refused although it is signed", () => {
    const signed = (body: string): string => {
      const text = `gw1.t.${Buffer.from(body).toString("base64url")}`;
      return `${text}.${createHmac("sha256", Buffer.alloc(32, 1)).update(text).digest("base64url")}`;
    };
    for (const body of ["{}", "[]", "not json", JSON.stringify({ ...CLAIMS, admin: true })]) {
      expect(verifyTicket(signed(body), [key], NOW_MS)).toMatchObject({ code: "malformed" });
    }
  });

  it("is not minted for what no hub would take", () => {
    expect(() => mintTicket({ views: [] }, key)).toThrow(/^views/);
    expect(() => mintTicket({ views: ["a"], authorizationS: 5 }, key)).toThrow(
      "authorizationS must be from 60",
    );
    expect(() => mintTicket({ views: ["a"], sub: "" }, key)).toThrow(/^sub/);
  });
});
