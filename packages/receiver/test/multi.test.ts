import { readSecrets, type ShardStatus, signDelivery, WEBHOOK_HEADERS } from "@guildwire/events";
import { describe, expect, it } from "vitest";
import { type Change, createReceiver } from "../src/receiver.ts";

const SECRET = `whsec_${Buffer.alloc(32, 5).toString("base64")}`;
const AT = "2026-12-01T09:00:00.000Z";
const SHARD: ShardStatus = { app: "9", id: 0, of: 1, status: "live", since: AT };

function setUp() {
  const progress = new Map<string, string>();
  const changes: Change[] = [];
  const shards: (readonly ShardStatus[])[] = [];
  const receiver = createReceiver({
    secrets: SECRET,
    onShards: (each) => shards.push(each),
    store: {
      load: (source) => progress.get(source),
      commit(change) {
        progress.set(change.source, change.progress);
        changes.push(change);
        return true;
      },
    },
  });
  const secrets = readSecrets(SECRET);
  if (!secrets.ok) return expect.unreachable(secrets.problem);
  const post = async (json: unknown) => {
    const signed = { id: "m_1", timestampS: Math.floor(Date.now() / 1_000), body: JSON.stringify(json) };
    const headers = {
      [WEBHOOK_HEADERS.id]: signed.id,
      [WEBHOOK_HEADERS.timestamp]: String(signed.timestampS),
      [WEBHOOK_HEADERS.signature]: signDelivery(signed, secrets.keys),
    };
    return await receiver.take({ headers, body: signed.body });
  };
  return { post, changes, shards };
}

const fact = (seq: number, epoch = "e1", more: object = {}) => ({
  seq,
  id: `${epoch}-${seq}`,
  type: "thing.said",
  timestamp: AT,
  data: { n: seq },
  ...more,
});
const lost = (from: number, to: number, epoch = "e1") =>
  fact(to, epoch, { type: "events.lost", data: { from, to, count: null, reason: "reset" } });
const facts = (events: readonly object[], epoch = "e1", more: object = {}) => ({
  source: "1/messages",
  epoch,
  events,
  ...more,
});
const snapshot = (source: string) => ({
  source,
  epoch: "e1",
  events: [
    fact(1, "e1", {
      type: "guild.snapshot",
      data: {
        guild: { id: source, name: "G", iconUrl: null },
        rooms: [],
        categories: [],
        occupants: [],
        status: "live",
      },
    }),
  ],
});

describe("a body of many streams", () => {
  it("is offered with every answer, also with a refusal", async () => {
    const { post } = setUp();
    expect((await post(snapshot("1"))).headers).toMatchObject({ "guildwire-multi": "1" });
    expect(await post("no delivery")).toMatchObject({ status: 400, headers: { "guildwire-multi": "1" } });
  });

  it("is answered with what each delivery alone would be answered", async () => {
    const { post, changes, shards } = setUp();
    const deliveries = [
      snapshot("1"),
      facts([fact(1), fact(2)]),
      { source: "2", epoch: "e1", events: [fact(7)] },
      { source: "3", epoch: "e1", events: [{ seq: "x" }] },
    ];
    const { status, json } = await post({ deliveries, shards: [SHARD] });
    expect(status).toBe(200);
    expect(json["results"]).toMatchObject([
      { source: "1", acked: 1 },
      { source: "1/messages", acked: 2 },
      { source: "2", want: "snapshot" },
      { source: "3", refused: { status: 400 } },
    ]);
    expect(changes.map(({ source, events, facts: all }) => [source, events.length, all.length])).toEqual([
      ["1", 1, 0],
      ["1/messages", 0, 2],
    ]);
    expect(shards).toEqual([[SHARD]]);
  });

  it("without deliveries is a heartbeat", async () => {
    const { post, shards } = setUp();
    expect(await post({ deliveries: [], shards: [SHARD] })).toMatchObject({
      status: 200,
      json: { results: [] },
    });
    expect(shards).toHaveLength(1);
  });

  it("is refused whole when a stream occurs twice or there are too many", async () => {
    const { post } = setUp();
    expect((await post({ deliveries: [snapshot("1"), snapshot("1")] })).status).toBe(400);
    const many = Array.from({ length: 65 }, (_, n) => snapshot(String(n + 1)));
    expect((await post({ deliveries: many })).status).toBe(400);
  });
});

describe("a stream of facts", () => {
  it("asks for what is missing by its place, and takes a record of what is lost instead", async () => {
    const { post, changes } = setUp();
    await post(facts([fact(1)]));
    expect(await post(facts([fact(3)]))).toMatchObject({
      status: 409,
      json: { want: "from", epoch: "e1", seq: 1 },
    });
    expect(await post(facts([lost(2, 5), fact(6)]))).toMatchObject({ status: 200, json: { acked: 6 } });
    expect(changes.flatMap((change) => change.facts.map(({ seq }) => seq))).toEqual([1, 5, 6]);
  });

  it("takes no record that does not reach back to what it has", async () => {
    const { post } = setUp();
    await post(facts([fact(1)]));
    expect(await post(facts([lost(3, 5)]))).toMatchObject({ status: 409, json: { want: "from", seq: 1 } });
  });

  it("drops what it has, and is never replaced by what looks like a snapshot", async () => {
    const { post, changes } = setUp();
    await post(facts([fact(1), fact(2)]));
    expect(await post(facts([fact(1), fact(2), fact(3)]))).toMatchObject({ json: { acked: 3 } });
    const windowed = fact(9, "e1", { type: "guild.snapshot", data: snapshot("1").events[0] });
    expect((await post(facts([windowed]))).status).not.toBe(200);
    expect(changes.flatMap((change) => change.facts.map(({ seq }) => seq))).toEqual([1, 2, 3]);
  });

  it("begins an epoch with its first event or with a record, and not in the middle", async () => {
    const { post } = setUp();
    await post(facts([fact(1)]));
    expect(await post(facts([fact(4, "e2")], "e2"))).toMatchObject({
      status: 409,
      json: { want: "snapshot" },
    });
    expect(await post(facts([lost(1, 3, "e2"), fact(4, "e2")], "e2"))).toMatchObject({ json: { acked: 4 } });
  });

  it("refuses a sender with a lower fence than the last, and names the higher one", async () => {
    const { post } = setUp();
    await post(facts([fact(1)], "e1", { fence: 7 }));
    expect(await post(facts([fact(2)], "e1", { fence: 6 }))).toMatchObject({
      status: 409,
      json: { fenced: 7 },
    });
    expect(await post(facts([fact(2)]))).toMatchObject({ status: 409, json: { fenced: 7 } });
    expect(await post(facts([fact(2)], "e1", { fence: 8 }))).toMatchObject({ json: { acked: 2 } });
  });
});
