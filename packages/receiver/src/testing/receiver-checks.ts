/**
 * What a receiver has to do, as a list of checks over HTTP: for a test of yours, in any language, and for
 * `pnpm try:receiver <url>`. Each tells the receiver of a server that does not exist, in a log of its own.
 */
import type { KeyObject } from "node:crypto";
import {
  DELIVERY_BODY_BYTES_MAX,
  MULTI_HEADER,
  REPLAY_WINDOW_S,
  signDelivery,
  WEBHOOK_HEADERS,
} from "@guildwire/events";
import { ToldStory } from "./told-story.ts";

export interface CheckedReceiver {
  readonly url: string;
  readonly keys: readonly KeyObject[];
  /** Id of the server that the checks tell of. A receiver that takes one server only has to be told this one. */
  readonly source: string;
}

export interface ReceiverCheck {
  readonly title: string;
  /** Throws an error that says what was wanted and what was answered. */
  readonly run: (receiver: CheckedReceiver) => Promise<void>;
}

interface Wanted {
  readonly status: number;
  /** Will do as well. */
  readonly orStatus?: number;
  readonly json?: Readonly<Record<string, unknown>>;
  /** Of a body of many streams; each has these members. */
  readonly results?: readonly Readonly<Record<string, unknown>>[];
}

/** What the signature says, where it is not what was sent. */
interface Tampering {
  readonly keys?: readonly KeyObject[];
  readonly signedBody?: string;
  readonly signedId?: string;
  readonly agedS?: number;
  readonly without?: keyof typeof WEBHOOK_HEADERS;
  readonly prefix?: string;
}

const ROOMS = ["1", "2"];
const WANT_SNAPSHOT: Wanted = { status: 409, json: { want: "snapshot" } };
const acked = (seq: number): Wanted => ({ status: 200, json: { acked: seq } });
const REFUSED: Wanted = { status: 401 };

/** Clearly outside the window, whatever the two clocks differ by in a test. */
const TOO_OLD_S = REPLAY_WINDOW_S + 60;

class Conversation {
  readonly story: ToldStory;
  readonly #receiver: CheckedReceiver;

  constructor(receiver: CheckedReceiver, story: ToldStory) {
    this.#receiver = receiver;
    this.story = story;
  }

  async tell(
    what: string,
    fromSeq: number,
    told: Parameters<ToldStory["body"]>[1],
    wanted: Wanted,
  ): Promise<void> {
    await this.send(what, this.story.body(fromSeq, told), wanted);
  }

  async send(what: string, body: string, wanted: Wanted, tampering: Tampering = {}): Promise<void> {
    const response = await fetch(this.#receiver.url, {
      method: "POST",
      redirect: "manual",
      headers: this.#headers(body, tampering),
      body,
    });
    const text = await response.text();
    const said = `${response.status} ${text.slice(0, 200).replaceAll(/\s+/g, " ")}`;
    const wants = `${wanted.status}${wanted.json === undefined ? "" : ` ${JSON.stringify(wanted.json)}`}`;
    if (response.status !== wanted.status && response.status !== wanted.orStatus)
      throw new Error(`${what}: wanted ${wants}, was answered ${said}`);
    const results = jsonOf(text)["results"];
    for (const [index, result] of (wanted.results ?? []).entries()) {
      const given = (Array.isArray(results) ? results[index] : undefined) as
        | Record<string, unknown>
        | undefined;
      const isRight = Object.entries(result).every(([key, value]) => given?.[key] === value);
      if (!isRight)
        throw new Error(`${what}: wanted the result ${JSON.stringify(result)}, was answered ${said}`);
    }
    for (const [key, value] of Object.entries(wanted.json ?? {})) {
      if (jsonOf(text)[key] !== value) throw new Error(`${what}: wanted ${wants}, was answered ${said}`);
    }
  }

  /** Whether answers of this receiver ask for the multi form. */
  async offersMulti(ping: string): Promise<boolean> {
    const init = { method: "POST", headers: this.#headers(ping, {}), body: ping };
    const response = await fetch(this.#receiver.url, init);
    await response.text();
    return response.headers.get(MULTI_HEADER) === "1";
  }

  #headers(body: string, tampering: Tampering): Record<string, string> {
    const id = `${this.story.epoch}_1_1`;
    const timestampS = Math.floor(Date.now() / 1_000) - (tampering.agedS ?? 0);
    const signed = { id: tampering.signedId ?? id, timestampS, body: tampering.signedBody ?? body };
    const signature = signDelivery(signed, tampering.keys ?? this.#receiver.keys);
    const headers: Record<string, string> = {
      "content-type": "application/json",
      [WEBHOOK_HEADERS.id]: id,
      [WEBHOOK_HEADERS.timestamp]: String(timestampS),
      [WEBHOOK_HEADERS.signature]: `${tampering.prefix ?? ""}${signature}`,
    };
    if (tampering.without !== undefined) delete headers[WEBHOOK_HEADERS[tampering.without]];
    return headers;
  }
}

function jsonOf(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}

let logs = 0;

/** A log that this receiver has never heard of, whoever checked it before. */
function newLog(receiver: CheckedReceiver): Conversation {
  logs += 1;
  // Later than all that was told in the logs before: a receiver may not go back behind them.
  const atMs = Date.now() + logs;
  return new Conversation(
    receiver,
    new ToldStory(receiver.source, `check${atMs.toString(36)}x${logs}`, atMs),
  );
}

async function begun(receiver: CheckedReceiver): Promise<Conversation> {
  const log = newLog(receiver);
  const { story } = log;
  await log.tell("a snapshot", 1, [story.snapshot(ROOMS, [story.occupant("5", "1")])], acked(1));
  return log;
}

/** `stranger`: a key that the receiver does not have. */
export function receiverChecks(stranger: KeyObject): readonly ReceiverCheck[] {
  const tampered: readonly (readonly [what: string, tampering: Tampering])[] = [
    ["a body that was changed", { signedBody: "{}" }],
    ["another id", { signedId: "another_1_1" }],
    ["another secret", { keys: [stranger] }],
    ["an old timestamp", { agedS: TOO_OLD_S }],
    ["a timestamp that is to come", { agedS: -TOO_OLD_S }],
    ["no id", { without: "id" }],
    ["no timestamp", { without: "timestamp" }],
    ["no signature", { without: "signature" }],
    ["a signature of another version", { prefix: "v1a," }],
  ];
  return [
    {
      title: "answers a ping, and changes nothing for it",
      async run(receiver) {
        const log = await begun(receiver);
        const ping = JSON.stringify({ source: receiver.source, epoch: "ping", events: [] });
        // A receiver that does not know pings may take it for a log that it does not know.
        await log.send("a ping", ping, { status: 200, orStatus: 409 });
        await log.tell("what follows", 2, [log.story.joined("6", "1")], acked(2));
      },
    },
    {
      title: "asks for a snapshot in a log that it does not know",
      async run(receiver) {
        const log = newLog(receiver);
        await log.tell("a join", 7, [log.story.joined("6", "1")], WANT_SNAPSHOT);
        const from = [log.story.joined("6", "1"), log.story.snapshot(ROOMS)];
        await log.tell("a snapshot behind something unknown", 8, from, acked(9));
      },
    },
    {
      title: "drops what it has, and says how far it is",
      async run(receiver) {
        const log = await begun(receiver);
        const { story } = log;
        await log.tell("two joins", 2, [story.joined("6", "1"), story.joined("7", "2")], acked(3));
        await log.tell("the first once more", 2, [story.joined("6", "1")], acked(3));
        const overlapping = [story.joined("7", "2"), story.left("7", "2"), story.joined("8", "2")];
        await log.tell("one that is known and two that are new", 3, overlapping, acked(5));
      },
    },
    {
      title: "asks for a snapshot when numbers are missing, and goes on from it",
      async run(receiver) {
        const log = await begun(receiver);
        const { story } = log;
        await log.tell("a join after a hole", 3, [story.joined("6", "1")], WANT_SNAPSHOT);
        await log.tell("the same again", 3, [story.joined("6", "1")], WANT_SNAPSHOT);
        await log.tell("a snapshot after a hole", 9, [story.snapshot(ROOMS)], acked(9));
        await log.tell("what follows it", 10, [story.joined("6", "1")], acked(10));
      },
    },
    {
      title: "counts a type that it does not know",
      async run(receiver) {
        const log = await begun(receiver);
        await log.tell("an unknown type", 2, [{ type: "news.unheard_of", data: {} }], acked(2));
        await log.tell("what follows", 3, [log.story.joined("6", "1")], acked(3));
      },
    },
    {
      title: "keeps the parts of a large snapshot until the last, and asks for another when one is missing",
      async run(receiver) {
        const log = await begun(receiver);
        const { story } = log;
        await log.tell("part 1 of 2", 2, [story.part(1, 2, ["1"], [story.occupant("8", "1")])], acked(2));
        await log.tell("part 2 of 2", 3, [story.part(2, 2, ["2"], [story.occupant("9", "2")])], acked(3));
        await log.tell("part 1 of 3", 4, [story.part(1, 3, ["1"], [])], acked(4));
        await log.tell("part 3 after part 1", 5, [story.part(3, 3, ["2"], [])], WANT_SNAPSHOT);
        await log.tell("a whole one", 5, [story.snapshot(ROOMS)], acked(5));
      },
    },
    {
      title: "does not go back to a log that it has left",
      async run(receiver) {
        const left = await begun(receiver);
        const log = await begun(receiver);
        await left.tell("a snapshot of before", 2, [left.story.snapshot(ROOMS)], WANT_SNAPSHOT);
        await log.tell("what follows in the new one", 2, [log.story.joined("6", "1")], acked(2));
      },
    },
    ...tampered.map(
      ([what, tampering]): ReceiverCheck => ({
        title: `refuses ${what}`,
        async run(receiver) {
          const log = await begun(receiver);
          await log.send(what, log.story.body(2, [log.story.joined("6", "1")]), REFUSED, tampering);
          await log.tell("the same, as it should be", 2, [log.story.joined("6", "1")], acked(2));
        },
      }),
    ),
    {
      title: "answers many streams in one body one by one, where it offers that",
      async run(receiver) {
        const log = newLog(receiver);
        const { story } = log;
        const ping = JSON.stringify({ source: receiver.source, epoch: "ping", events: [] });
        if (!(await log.offersMulti(ping))) return;
        const one = (told: Parameters<ToldStory["body"]>[1]) =>
          `{"deliveries":[${story.body(1, told)}],"shards":[]}`;
        await log.send("a heartbeat", '{"deliveries":[],"shards":[]}', { status: 200 });
        const source = receiver.source;
        await log.send("a join in a log that it does not know", one([story.joined("5", "1")]), {
          status: 200,
          results: [{ source, want: "snapshot" }],
        });
        await log.send("a snapshot", one([story.snapshot(ROOMS)]), {
          status: 200,
          results: [{ source, acked: 1 }],
        });
        await log.send("the snapshot again", one([story.snapshot(ROOMS)]), {
          status: 200,
          results: [{ source, acked: 1 }],
        });
        await log.tell("what follows, alone", 2, [story.joined("6", "1")], acked(2));
      },
    },
    {
      title: "takes a delivery that was signed with a new secret as well as with its own",
      async run(receiver) {
        const log = await begun(receiver);
        const body = log.story.body(2, [log.story.joined("6", "1")]);
        await log.send("two signatures", body, acked(2), { keys: [stranger, ...receiver.keys] });
      },
    },
    {
      title: "says what is wrong with a signed body that is no delivery",
      async run(receiver) {
        const log = await begun(receiver);
        await log.send("no JSON", "no JSON", { status: 400 });
        await log.send("a hole inside", holed(log.story), { status: 400 });
      },
    },
    {
      title: "refuses a body that is too large",
      async run(receiver) {
        const log = newLog(receiver);
        await log.send("more than 1 MiB", "x".repeat(DELIVERY_BODY_BYTES_MAX + 1), { status: 413 });
      },
    },
  ];
}

function holed(story: ToldStory): string {
  const { events, ...rest } = JSON.parse(story.body(2, [story.joined("6", "1"), story.joined("7", "1")])) as {
    readonly events: readonly { readonly seq: number }[];
  };
  return JSON.stringify({
    ...rest,
    events: events.map((event, index) => ({ ...event, seq: event.seq + index })),
  });
}
