import { createSecretKey } from "node:crypto";
import { mintTicket, signTicket, type TicketWish } from "@guildwire/events";
import { createMemoryEngine } from "@guildwire/live";
import { beforeEach, describe, expect, it } from "vitest";
import { createRights, type Rights } from "../../src/access/rights.ts";

const key = createSecretKey(Buffer.alloc(32, 1));
const oldKey = createSecretKey(Buffer.alloc(32, 2));
const ORIGIN = "https://club.example";

let nowMs: number;
let rights: Rights;

beforeEach(() => {
  nowMs = 1_790_000_000_000;
  const engine = createMemoryEngine({ epoch: "e", nowMs: () => nowMs });
  rights = createRights({ keys: [key, oldKey], engine, nowMs: () => nowMs });
});

const mint = (wish: Partial<TicketWish> = {}, by = key): string =>
  mintTicket({ views: ["members"], sub: "user 7", ...wish }, by, nowMs);

async function resumeTokenOf(ticket: string, origin?: string): Promise<string> {
  const outcome = await rights.verify(ticket, origin);
  if (!outcome.ok || outcome.grant.resume === null) throw new Error("nothing to come back with");
  return outcome.grant.resume;
}

describe("a ticket", () => {
  it("grants what it says until it ends", async () => {
    expect(await rights.verify(mint({ guilds: ["100"] }), undefined)).toMatchObject({
      ok: true,
      grant: { subject: "user 7", views: ["members"], guilds: ["100"], expiresAtMs: nowMs + 3_600_000 },
    });
  });

  it("is used once", async () => {
    const ticket = mint();
    expect(await rights.verify(ticket, undefined)).toMatchObject({ ok: true });
    expect(await rights.verify(ticket, undefined)).toMatchObject({ ok: false, code: "unauthorized" });
  });

  it("is not used up by a page that may not use it", async () => {
    const ticket = mint({ origin: ORIGIN });
    expect(await rights.verify(ticket, "https://evil.example")).toMatchObject({
      ok: false,
      code: "forbidden",
    });
    expect(await rights.verify(ticket, undefined)).toMatchObject({ ok: false, code: "forbidden" });
    expect(await rights.verify(ticket, ORIGIN)).toMatchObject({ ok: true });
  });

  it("of the secret before is taken while secrets are rotated", async () => {
    expect(await rights.verify(mint({}, oldKey), undefined)).toMatchObject({ ok: true });
    const stranger = createSecretKey(Buffer.alloc(32, 3));
    expect(await rights.verify(mint({}, stranger), undefined)).toMatchObject({ code: "unauthorized" });
  });

  it("that is late is told so", async () => {
    const ticket = mint();
    nowMs += 80_000;
    expect(await rights.verify(ticket, undefined)).toMatchObject({ ok: false, code: "expired" });
  });

  it("whose use cannot be noted is not taken, and may be tried again", async () => {
    const once = async (): Promise<boolean> => {
      throw new Error("the disk is full");
    };
    const failing = createRights({ keys: [key], engine: { once }, nowMs: () => nowMs });
    expect(await failing.verify(mint(), undefined)).toMatchObject({ ok: false, code: "unavailable" });
  });
});

describe("a resume token", () => {
  it("brings the same grant back, again and again, without a use being noted", async () => {
    const token = await resumeTokenOf(mint());
    nowMs += 600_000;
    for (const _ of [1, 2]) {
      expect(await rights.verify(token, undefined)).toMatchObject({
        ok: true,
        grant: { subject: "user 7", views: ["members"], resume: token },
      });
    }
  });

  it("is bound to the origin of the page that got it", async () => {
    const token = await resumeTokenOf(mint(), ORIGIN);
    expect(await rights.verify(token, "https://evil.example")).toMatchObject({ code: "forbidden" });
    expect(await rights.verify(token, ORIGIN)).toMatchObject({ ok: true });
  });

  it("does not outlive the authorization", async () => {
    const token = await resumeTokenOf(mint({ authorizationS: 120 }));
    nowMs += 131_000;
    expect(await rights.verify(token, undefined)).toMatchObject({ ok: false, code: "expired" });
  });

  it("cannot be made by whoever holds a ticket", async () => {
    const posing = signTicket(
      "resume",
      { jti: "x".repeat(8), exp: 1, cexp: 2_000_000_000, views: ["members"] },
      key,
    );
    expect(await rights.verify(posing.replace(".r.", ".t."), undefined)).toMatchObject({
      code: "unauthorized",
    });
  });
});
