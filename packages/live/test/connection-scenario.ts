/** A browser's connection as the hub's pure machine sees it, told step by step. */
import {
  type Connection,
  type ConnectionEffect,
  type ConnectionInput,
  type ConnectionRules,
  openConnection,
  type TopicAnswer,
} from "../src/connection.ts";
import { step } from "../src/connection-step.ts";
import type { DeltaFrame } from "../src/subscription.ts";

export const rules: ConnectionRules = {
  connectionId: "c_1",
  tickMs: 25_000,
  graceMs: 10_000,
  anyone: { subject: null, views: [], guilds: null, expiresAtMs: null, resume: null },
  admitTopic: (topic, grant) =>
    topic !== "secret" || grant.views.includes("secret")
      ? { ok: true }
      : { ok: false, code: "forbidden", message: "not for you" },
};

/** A connection and everything it has done so far; inputs a second apart, so that the budget never runs out. */
export class Scenario {
  connection: Connection;
  effects: ConnectionEffect[] = [];
  #atMs = 0;

  constructor() {
    const opened = openConnection(rules, 0);
    this.connection = opened.connection;
    this.effects = [...opened.effects];
  }

  take(input: ConnectionInput): readonly ConnectionEffect[] {
    const result = step(this.connection, input);
    this.connection = result.connection;
    this.effects.push(...result.effects);
    return result.effects;
  }

  say(message: unknown, afterMs = 1_000): readonly ConnectionEffect[] {
    this.#atMs += afterMs;
    return this.take({ type: "frameReceived", text: JSON.stringify(message), atMs: this.#atMs });
  }

  read(topic: string, answer: TopicAnswer): readonly ConnectionEffect[] {
    const asked = this.effects.findLast((effect) => effect.type === "readTopic" && effect.topic === topic);
    if (asked?.type !== "readTopic") throw new Error(`nothing reads ${topic}`);
    return this.take({ type: "topicRead", topic, readId: asked.readId, answer });
  }
}

export function authed(subs: readonly object[] = []): Scenario {
  const scenario = new Scenario();
  scenario.say({ t: "auth", id: 1, v: 1, subs });
  return scenario;
}

export function live(topic = "t"): Scenario {
  const scenario = authed([{ topic }]);
  scenario.read(topic, snapshotAt(5));
  return scenario;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const snapshotAt = (offset: number): TopicAnswer => ({
  type: "snapshot",
  position: { epoch: "e", offset },
  pages: [bytes("p1"), bytes("p2")],
});
export const frame = (from: number, to: number, epoch = "e"): DeltaFrame => ({
  epoch,
  from,
  to,
  bytes: bytes(`${from}-${to}`),
});

/** Effects in short: `send subd`, `bytes 5-6`, … */
export function told(effects: readonly ConnectionEffect[]): readonly string[] {
  return effects.map((effect) => {
    switch (effect.type) {
      case "send":
        return effect.message.t === "err" ? `err ${effect.message.code}` : `send ${effect.message.t}`;
      case "sendBytes":
        return `bytes ${new TextDecoder().decode(effect.bytes)}`;
      case "close":
        return `close ${effect.code}`;
      default:
        return effect.type;
    }
  });
}
