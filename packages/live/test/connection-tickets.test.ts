import { describe, expect, it } from "vitest";
import { HubCloseCode } from "../src/close-code.ts";
import { EXPIRY_GRACE_MS, type Grant, type GrantOutcome, UnsubscribedCode } from "../src/connection.ts";
import { authed, Scenario, snapshotAt, told } from "./connection-scenario.ts";

const ENDS_AT_MS = 1_790_000_000_000;
const GRANT: Grant = {
  subject: "user 7",
  views: ["secret"],
  guilds: null,
  expiresAtMs: ENDS_AT_MS,
  resume: "come back with this",
};

const verified = (outcome: GrantOutcome) => ({ type: "ticketVerified", outcome, atMs: 2_000 }) as const;
const granted = (more: Partial<Grant> = {}) => verified({ ok: true, grant: { ...GRANT, ...more } });
const refused = (code: Extract<GrantOutcome, { ok: false }>["code"]) =>
  verified({ ok: false, code, message: "no" });

/** A first frame with a ticket, not yet verified. */
function asking(subs: readonly object[] = []): Scenario {
  const scenario = new Scenario();
  scenario.say({ t: "auth", id: 7, v: 1, ticket: "a ticket", subs });
  return scenario;
}

/** A browser that follows the topic `secret` by its ticket. */
function trusted(): Scenario {
  const scenario = asking([{ topic: "secret" }]);
  scenario.take(granted());
  scenario.read("secret", snapshotAt(5));
  return scenario;
}

describe("a first frame with a ticket", () => {
  it("is answered when the ticket was verified, with its end and the means to come back", () => {
    const scenario = asking();
    expect(scenario.effects.at(-1)).toEqual({ type: "verifyTicket", ticket: "a ticket" });
    expect(scenario.take(granted())).toEqual([
      { type: "cancelAuthTimer" },
      {
        type: "send",
        message: {
          t: "hi",
          id: 7,
          conn: "c_1",
          v: 1,
          now: 2_000,
          tick: 25_000,
          grace: 10_000,
          exp: ENDS_AT_MS / 1_000,
          resume: "come back with this",
        },
      },
      { type: "startExpiryTimer", atMs: ENDS_AT_MS + EXPIRY_GRACE_MS },
    ]);
  });

  it("opens what the ticket names, and without one it stays closed", () => {
    const scenario = asking([{ topic: "secret" }]);
    expect(told(scenario.take(granted()))).toContain("readTopic");
    expect(told(authed([{ topic: "secret" }]).effects)).toContain("err forbidden");
  });

  it.each([
    ["unauthorized", HubCloseCode.TicketInvalid],
    ["expired", HubCloseCode.TicketInvalid],
    ["forbidden", HubCloseCode.Forbidden],
    ["limit", HubCloseCode.TooManyConnections],
    ["unavailable", HubCloseCode.InternalError],
  ] as const)("that is not taken (%s) says why and ends the connection", (code, closeCode) => {
    const scenario = asking([{ topic: "t" }]);
    expect(told(scenario.take(refused(code)))).toEqual([
      `err ${code}`,
      "cancelAuthTimer",
      `close ${closeCode}`,
    ]);
    expect(told(scenario.effects)).not.toContain("readTopic");
  });

  it("must be waited for: another frame ends the connection, and so does the time for auth (C1)", () => {
    expect(told(asking().say({ t: "sub", id: 8, topic: "t" }))).toContain(
      `close ${HubCloseCode.MalformedFrame}`,
    );
    expect(told(asking().take({ type: "authTimedOut" }))).toContain(`close ${HubCloseCode.AuthTimeout}`);
  });

  it("has no effect when the connection ended before it was verified (C5)", () => {
    const scenario = asking();
    scenario.take({ type: "authTimedOut" });
    expect(scenario.take(granted())).toEqual([]);
  });
});

describe("a new ticket on an open connection", () => {
  function refreshing(scenario: Scenario): Scenario {
    scenario.say({ t: "auth", id: 9, v: 1, ticket: "a new one" });
    return scenario;
  }

  it("moves the end and leaves what is followed alone (C6)", () => {
    const scenario = refreshing(trusted());
    expect(told(scenario.take(granted({ expiresAtMs: ENDS_AT_MS + 5_000 })))).toEqual([
      "send hi",
      "startExpiryTimer",
    ]);
    expect(scenario.connection.topics.get("secret")).toEqual({ name: "live" });
  });

  it("that says less takes away what it does not say (C6)", () => {
    const scenario = refreshing(trusted());
    const effects = scenario.take(granted({ views: ["other"] }));
    expect(told(effects)).toContain("leaveTopic");
    expect(effects.at(-1)).toMatchObject({
      message: { t: "unsubd", topic: "secret", code: UnsubscribedCode.NotAllowed },
    });
  });

  it("that is not taken is told and changes nothing", () => {
    for (const code of ["unauthorized", "expired", "forbidden", "limit", "unavailable"] as const) {
      const scenario = refreshing(trusted());
      expect(told(scenario.take(refused(code)))).toEqual([`err ${code}`]);
      expect(scenario.connection).toMatchObject({ phase: "open", grant: GRANT });
    }
  });

  it("for somebody else is not taken (C7)", () => {
    const scenario = refreshing(trusted());
    expect(told(scenario.take(granted({ subject: "user 8" })))).toEqual(["err unauthorized"]);
    expect(scenario.connection.grant).toEqual(GRANT);
  });

  it("does not stop the connection meanwhile, but a second one must wait", () => {
    const scenario = refreshing(trusted());
    expect(told(scenario.say({ t: "sub", id: 10, topic: "t" }))).toEqual(["readTopic"]);
    expect(told(scenario.say({ t: "auth", id: 11, v: 1, ticket: "a third" }))).toEqual(["err bad_request"]);
    expect(told(scenario.take(granted()))).toContain("send hi");
  });
});

describe("an authorization that ends", () => {
  it("ends the connection", () => {
    expect(told(trusted().take({ type: "authorizationEnded" }))).toEqual([
      "leaveTopic",
      `close ${HubCloseCode.AuthorizationExpired}`,
    ]);
  });
});
