import { readSecrets, signDelivery } from "@guildwire/events";
import { describe, expect, it } from "vitest";
import { type Change, createReceiver, type ReceiverOptions, type ReceiverStore } from "../src/receiver.ts";
import { ToldStory } from "../src/testing/index.ts";

const SECRET = "a-secret-for-this-test-of-32-characters";
const SOURCE = "100";
const NOW_MS = Date.UTC(2026, 10, 21, 9);
const story = new ToldStory(SOURCE, "e1", NOW_MS);
const SNAPSHOT = story.snapshot(["1"]);

/** A store in memory that keeps what was committed. */
function memoryStore(): ReceiverStore & { readonly commits: Change[] } {
  const commits: Change[] = [];
  const load = (source: string) => commits.findLast((change) => change.source === source)?.progress;
  return {
    commits,
    load,
    commit(change) {
      if (load(change.source) !== change.expected) return false;
      commits.push(change);
      return true;
    },
  };
}

function signed(body: string) {
  const secrets = readSecrets(SECRET);
  if (!secrets.ok) throw new Error(secrets.problem);
  const parts = { id: "e1_1_1", timestampS: NOW_MS / 1_000, body };
  const headers = {
    "webhook-id": parts.id,
    "webhook-timestamp": String(parts.timestampS),
    "webhook-signature": signDelivery(parts, secrets.keys),
  };
  return { headers, body };
}

function receiverOn(store: ReceiverStore, more: Partial<ReceiverOptions> = {}) {
  return createReceiver({ secrets: SECRET, store, nowMs: () => NOW_MS, ...more });
}

describe("a receiver", () => {
  it("does not begin without a secret, and does not quote a bad one", () => {
    const store = memoryStore();
    expect(() => createReceiver({ secrets: " ", store })).toThrow("HUB_SECRET) is empty");
    expect(() => createReceiver({ secrets: "too-short", store })).toThrow(
      /^(?!.*too-short).*at least 32 characters/,
    );
  });

  it("takes deliveries of one server only, when it is told so", async () => {
    const store = memoryStore();
    const other = receiverOn(store, { source: "200" });
    expect(await other.take(signed(story.body(1, [SNAPSHOT])))).toMatchObject({ status: 403 });
    expect(store.commits).toEqual([]);
    const same = receiverOn(store, { source: SOURCE });
    expect(await same.take(signed(story.body(1, [SNAPSHOT])))).toMatchObject({ status: 200 });
  });

  it("gives the store a snapshot in parts as one, with its last part", async () => {
    const store = memoryStore();
    const receiver = receiverOn(store);
    await receiver.take(signed(story.body(1, [story.part(1, 2, ["1"], [story.occupant("5", "1")])])));
    expect(store.commits.map(({ events }) => events)).toEqual([[]]);
    // A process that was killed in between has what the store has.
    await receiverOn(store).take(
      signed(story.body(2, [story.part(2, 2, ["2"], [story.occupant("6", "2")])])),
    );
    expect(store.commits[1]?.events).toMatchObject([
      {
        type: "guild.snapshot",
        seq: 2,
        data: { rooms: [{ id: "1" }, { id: "2" }], occupants: [{ roomId: "1" }, { roomId: "2" }] },
      },
    ]);
  });

  it("says what it was told of another server's snapshot", async () => {
    const stranger = new ToldStory("200", "e1", NOW_MS).snapshot([]);
    expect(await receiverOn(memoryStore()).take(signed(story.body(1, [stranger])))).toMatchObject({
      status: 400,
      json: { error: "events.0.data.guild.id: must be the delivery's source, 100" },
    });
  });
});

describe("a store that", () => {
  it("throws is answered for with 500, and heard of, and the next delivery is taken", async () => {
    const store = memoryStore();
    const heard: unknown[] = [];
    let isBroken = true;
    const failing: ReceiverStore = {
      load: store.load,
      commit: (change) => {
        if (isBroken) throw new Error("no room on the disk");
        return store.commit(change);
      },
    };
    const receiver = receiverOn(failing, { onError: (cause) => heard.push(cause) });
    const delivery = signed(story.body(1, [SNAPSHOT]));
    expect(await receiver.take(delivery)).toMatchObject({ status: 500 });
    expect(heard).toEqual([new Error("no room on the disk")]);
    isBroken = false;
    expect(await receiver.take(delivery)).toMatchObject({ status: 200, json: { acked: 1 } });
  });

  it("was written by another process meanwhile has the delivery looked at again", async () => {
    const store = memoryStore();
    const other = receiverOn(store);
    let isFirst = true;
    const raced: ReceiverStore = {
      load: store.load,
      async commit(change) {
        if (isFirst) {
          isFirst = false;
          await other.take(signed(story.body(1, [SNAPSHOT])));
        }
        return await store.commit(change);
      },
    };
    const body = story.body(1, [SNAPSHOT, story.joined("5", "1")]);
    expect(await receiverOn(raced).take(signed(body))).toMatchObject({ json: { acked: 2 } });
    // The snapshot counted once: what was new was committed alone.
    expect(store.commits.map(({ events }) => events.map(({ type }) => type))).toEqual([
      ["guild.snapshot"],
      ["voice.joined"],
    ]);
  });

  it("never agrees is asked a few times, and the worker to come again", async () => {
    let commits = 0;
    const stubborn: ReceiverStore = {
      load: () => undefined,
      commit: () => {
        commits += 1;
        return false;
      },
    };
    const answer = await receiverOn(stubborn).take(signed(story.body(1, [SNAPSHOT])));
    expect(answer).toMatchObject({ status: 503, headers: { "retry-after": "1" } });
    expect(commits).toBe(5);
  });

  it("is slow has one delivery of a server at a time, and few that wait", async () => {
    const store = memoryStore();
    const gate = Promise.withResolvers<void>();
    let inside = 0;
    const slow: ReceiverStore = {
      load: store.load,
      async commit(change) {
        inside += 1;
        expect(inside).toBe(1);
        await gate.promise;
        inside -= 1;
        return await store.commit(change);
      },
    };
    const receiver = receiverOn(slow);
    const answers = Array.from({ length: 20 }, () => receiver.take(signed(story.body(1, [SNAPSHOT]))));
    gate.resolve();
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(16);
    expect(statuses.filter((status) => status === 503)).toHaveLength(4);
    expect(store.commits).toHaveLength(1);
  });
});
