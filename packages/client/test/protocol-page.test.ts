/** What docs/protocol.md tells clients to do about each code is what this one does. */
import { readFileSync } from "node:fs";
import { type ErrorCode, HubCloseCode, type ServerMessage, UnsubscribedCode } from "@guildwire/live";
import { describe, expect, it } from "vitest";
import { HEALTHY_AFTER_MS } from "../src/backoff.ts";
import { type CloseAction, closeAction } from "../src/close-policy.ts";
import type { ClientEffect, ClientInput, ClientState } from "../src/connection-state.ts";
import { initialState } from "../src/connection-state.ts";
import { step } from "../src/connection-step.ts";
import { BURST, PACE_MS } from "../src/paced-sends.ts";
import { readServerFrame } from "../src/server-frame.ts";
import { hi, snapshot } from "./memory-hub.ts";

const page = readFileSync(new URL("../../../docs/protocol.md", import.meta.url), "utf8");
const topic = "voice/1/public";

/** The rows of the table below a heading. */
function rows(heading: string): readonly (readonly string[])[] {
  const section = page.split(`\n### ${heading}\n`)[1]?.split("\n#")[0] ?? "";
  const table = section.split("\n").filter((line) => line.startsWith("|"));
  return table.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
}

class Client {
  state: ClientState = initialState(0);
  effects: readonly ClientEffect[] = [];

  tell(
    input: ClientInput extends infer One ? (One extends unknown ? Omit<One, "atMs" | "roll"> : never) : never,
  ) {
    const result = step(this.state, { ...input, atMs: 0, roll: 0.5 } as ClientInput);
    this.state = result.state;
    this.effects = result.effects;
  }

  hear(...messages: readonly ServerMessage[]): void {
    this.tell({ type: "frameReceived", socket: 1, messages });
  }

  /** Whether what was heard last makes it ask for the topic after a wait. */
  get asksAgain(): boolean {
    return this.effects.some((effect) => effect.type === "startTimer" && effect.timer === `again ${topic}`);
  }

  get copy() {
    return this.state.topics.get(topic);
  }
}

/** Says hello with one topic, and has a token to come back with. */
function greeted(): Client {
  const client = new Client();
  client.tell({ type: "topicHeld", topic });
  client.tell({ type: "socketOpened", socket: 1, ticket: "a ticket" });
  client.hear({ ...hi(1), resume: "a token" } as ServerMessage);
  return client;
}

function following(): Client {
  const client = greeted();
  client.hear({ t: "subd", id: 1, topic, e: "e1", o: 1, how: "snapshot" });
  client.hear(snapshot(topic, 1, [["m", {}, 1]]));
  return client;
}

describe("close codes", () => {
  /** How the page begins what it says, what that is called here, and what is left afterwards. */
  const WORDS: readonly (readonly [RegExp, CloseAction])[] = [
    [/^(wait as `bye` says|back-off), resume$/, "resume"],
    [/^forget \*\*every\*\* position and the resume token, back-off$/, "forget"],
    [/^forget the resume token, a fresh ticket, back-off, resume$/, "reauthorize"],
    [/^a resume token: again with a ticket\. A ticket: one fresh one, then stop$/, "newTicket"],
    [/^stop\b/, "stop"],
  ];
  const LEFT: Readonly<Record<CloseAction, object>> = {
    resume: { connection: "waiting", position: true, resume: "a token" },
    forget: { connection: "waiting", position: false, resume: null },
    reauthorize: { connection: "waiting", position: true, resume: null },
    newTicket: { connection: "waiting", position: true, resume: null },
    stop: { connection: "stopped", position: true, resume: "a token" },
  };
  const table = rows("Close codes").flatMap(([codes = "", , what = ""]) => {
    const action = WORDS.find(([words]) => words.test(what))?.[1];
    const named =
      codes === "any other" ? [1001, 1005, 1006, 1011, 1012, 1013, 3000] : codes.split(", ").map(Number);
    return named.map((code) => ({ code, action, what }));
  });

  it("are all on the page", () => {
    const codes = table.map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(Object.values(HubCloseCode)));
  });

  it.each(table)("$code: $what", ({ code, action = "nothing the page may say" }) => {
    expect(closeAction(code)).toBe(action);
    const client = following();
    client.tell({ type: "socketClosed", socket: 1, code });
    expect({
      connection: client.state.connection.name,
      position: client.copy?.replica.position !== null,
      resume: client.state.resume,
    }).toEqual(LEFT[action as CloseAction]);
    expect(client.copy?.replica.held.map.size).toBe(1);
  });
});

describe("errors", () => {
  type Reaction = "refused" | "refused, asks again" | "asks again" | "resyncs";
  const REACTIONS: Readonly<Record<ErrorCode, Reaction>> = {
    bad_request: "refused",
    unauthorized: "refused",
    expired: "refused",
    forbidden: "refused",
    unknown_topic: "refused, asks again",
    already_subscribed: "resyncs",
    limit: "refused",
    unavailable: "asks again",
    rate: "asks again",
    internal: "asks again",
  };
  const table = rows("err").flatMap(([codes = "", retry]) =>
    Array.from(codes.matchAll(/`(\w+)`/g), ([, code]) => ({
      code: code as ErrorCode,
      retry: retry === "yes",
    })),
  );

  it("are all on the page", () => {
    expect(table.map(({ code }) => code).toSorted()).toEqual(Object.keys(REACTIONS).toSorted());
  });

  it.each(table)("$code about a topic", ({ code, retry }) => {
    const client = greeted();
    client.hear({ t: "err", id: 1, topic, code, msg: "no", retry });
    const resyncs = client.effects.some((effect) => effect.type === "send" && effect.message.t === "resync");
    const isRefused = client.copy?.request.name === "refused";
    const reaction = [isRefused && "refused", resyncs && "resyncs", client.asksAgain && "asks again"];
    expect(reaction.filter(Boolean).join(", ")).toBe(REACTIONS[code]);
  });

  it("name the topic they are about, and the others asked for with it go on", () => {
    const client = new Client();
    for (const name of [topic, "voice/1/staff"]) client.tell({ type: "topicHeld", topic: name });
    client.tell({ type: "socketOpened", socket: 1, ticket: undefined });
    client.hear(hi(1), {
      t: "err",
      id: 1,
      topic: "voice/1/staff",
      code: "forbidden",
      msg: "the view staff needs a ticket that names it",
      retry: false,
    });
    expect(client.state.topics.get("voice/1/staff")?.request).toMatchObject({ name: "refused" });
    expect(client.copy?.request).toMatchObject({ name: "sent", as: "auth" });
    expect(client.asksAgain).toBe(false);
  });
});

describe("ends of a subscription", () => {
  const table = rows("unsubd").map(([code]) => Number(code));

  it("are all on the page", () => {
    expect(table.toSorted()).toEqual(Object.values(UnsubscribedCode).toSorted());
  });

  it.each([...table, 2199, 2299])("%d asks again without a position, or gives up", (code) => {
    const client = following();
    client.hear({ t: "unsubd", topic, code, msg: "over" });
    const mayAsk = code < 2200;
    expect(client.copy?.request.name).toBe(mayAsk ? "none" : "refused");
    expect(client.copy?.replica.position).toBeNull();
    expect(client.copy?.replica.held.map.size === 0).toBe(!mayAsk);
    expect(client.asksAgain).toBe(mayAsk);
  });
});

describe("frames", () => {
  interface Case {
    readonly name: string;
    readonly text: string;
    readonly is: "messages" | "notHub1";
  }
  const file = new URL("../../live/fixtures/malformed.json", import.meta.url);
  const { fromHub } = JSON.parse(readFileSync(file, "utf8")) as { readonly fromHub: readonly Case[] };

  it.each(fromHub)("$name: $is", ({ text, is }) => {
    expect(readServerFrame(text) === undefined ? "notHub1" : "messages").toBe(is);
  });
});

it("the pace and the healthy time on the page are this client's", () => {
  const text = page.replaceAll(/ *\n */g, " ");
  expect(text).toContain(`sends ${BURST} at once, and one every ${PACE_MS} ms from then on`);
  expect(text).toContain(`when a connection has been healthy for ${HEALTHY_AFTER_MS / 1_000} s`);
});
