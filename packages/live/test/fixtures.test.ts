/** Our own two ends against the fixtures that clients and hubs in other languages are tested with. */
import { describe, expect, it } from "vitest";
import { readClientFrame } from "../src/client-message.ts";
import { squashDeltas } from "../src/delta.ts";
import { digestOf, h32 } from "../src/digest.ts";
import { detached, emptyReplica, type Replica, receive, type TopicMessage } from "../src/replica.ts";
import { snapshotPages } from "../src/snapshot-pages.ts";
import { ModelHub } from "../src/testing/model-hub.ts";
import {
  type ConnectionStepFixture,
  entriesLike,
  fixture,
  type Json,
  type ReplicaStepFixture,
} from "./fixture.ts";

describe("digest.json", () => {
  const { hashes, maps } = fixture("digest");
  it.each(hashes)("hashes $text", ({ text, h32: hash }) => {
    expect(h32(text)).toBe(hash);
  });
  it.each(maps)("sums up $name", ({ entries, digest }) => {
    expect(digestOf(entries)).toBe(digest);
  });
});

describe("squash.json", () => {
  const { cases } = fixture("squash");
  it.each(cases)("$name", ({ deltas, squashed }) => {
    const delta = squashDeltas(
      deltas.map(({ f, o, at, ops }) => ({ epoch: "e1", from: f, to: o, atMs: at, ops })),
    );
    const { f, o, at, ops } = squashed;
    expect(delta).toEqual({ epoch: "e1", from: f, to: o, atMs: at, ops });
  });
});

describe("pages.json", () => {
  const { cases } = fixture("pages");
  it.each(cases)("$name", ({ entries, pages }) => {
    const position = { epoch: "e1", offset: 1 };
    const made = snapshotPages("t", { position, digest: 7, entries: entriesLike(entries) });
    expect(made.map(({ s }) => s.length)).toEqual(pages);
    expect(made.map(({ page, last }) => [page, last])).toEqual(
      pages.map((_, index) => [index + 1, index === pages.length - 1]),
    );
  });
});

describe("replica.json", () => {
  const { topic, scenarios } = fixture("replica");

  function isAboutTopic(message: Json): message is Json & TopicMessage {
    return ["subd", "snap", "d", "tick"].includes(String(message["t"])) && message["topic"] === topic;
  }

  function play(replica: Replica, step: ReplicaStepFixture, atMs: number): Replica {
    if (step.lost === true) return detached(replica);
    const effects = [];
    let next = replica;
    for (const message of [step.frame ?? []].flat() as readonly Json[]) {
      if (!isAboutTopic(message)) continue;
      const result = receive(next, message, atMs);
      next = result.replica;
      effects.push(...result.effects);
    }
    const asked = effects.find((effect) => effect.type === "resync");
    if (step.asks === undefined) expect(asked).toBeUndefined();
    else {
      const { why, e, o, dg = asked?.digest } = step.asks;
      const position = e === undefined ? null : { epoch: e, offset: o };
      expect(asked).toEqual({ type: "resync", why, position, digest: dg });
    }
    expect(effects.some((effect) => effect.type === "stuck")).toBe(step.givesUp ?? false);
    return next;
  }

  it.each(scenarios)("$name", ({ steps }) => {
    let replica = emptyReplica(topic);
    let atMs = 0;
    for (const step of steps) {
      atMs = step.at ?? atMs;
      replica = play(replica, step, atMs);
      if (step.copy === undefined) continue;
      const { position, held, sync } = replica;
      expect({
        follows: sync.name === "following",
        position: position && { e: position.epoch, o: position.offset },
        digest: held.digest,
        map: Object.fromEntries(Array.from(held.map.values(), ([key, value]) => [key, value])),
      }).toEqual(step.copy);
    }
  });
});

describe("malformed.json", () => {
  const { fromClient } = fixture("malformed");

  function answerTo(text: string): unknown {
    const hub = new ModelHub({ epoch: "e1" });
    const socket = hub.open();
    socket.receive('{"t":"auth","id":1,"v":1}');
    socket.frames.length = 0;
    socket.receive(text);
    if (socket.closedWith !== undefined) return { close: socket.closedWith };
    const [frame] = socket.frames;
    if (frame === undefined) return undefined;
    const { t, id, code } = JSON.parse(frame);
    return { [t]: { id, code } };
  }

  it.each(fromClient)("answers $name", ({ text, answer }) => {
    expect(answerTo(text)).toEqual(answer);
  });

  it.each(fromClient)("closes on $name as the first frame", ({ text, answer }) => {
    const socket = new ModelHub({ epoch: "e1" }).open();
    socket.receive(text);
    expect(socket.closedWith).toBe("close" in answer ? answer.close : 4400);
    expect(socket.frames).toEqual([]);
  });

  it("has no case that the reader takes for a message of this version", () => {
    const taken = fromClient.filter(({ text }) => {
      const frame = readClientFrame(text);
      return frame.type === "message" && frame.message.t !== "auth";
    });
    expect(taken).toEqual([]);
  });
});

describe("connection.json", () => {
  const { epoch, forbiddenTopics, scenarios } = fixture("connection");

  function hubOfFixtures(): ModelHub {
    const admitTopic = (topic: string) =>
      forbiddenTopics.includes(topic)
        ? ({ ok: false, code: "forbidden", message: "not for you" } as const)
        : ({ ok: true } as const);
    return new ModelHub({ epoch, admitTopic });
  }

  function act(hub: ModelHub, socket: ReturnType<ModelHub["open"]>, step: ConnectionStepFixture): void {
    if (step.client !== undefined) socket.receive(JSON.stringify(step.client));
    if (step.binary === true) socket.take({ type: "binaryReceived" });
    if (step.commit !== undefined) hub.commit(step.commit.topic, step.commit.ops, step.commit.at);
    if (step.restart !== undefined) {
      const { topic, ops, epoch: next } = step.restart;
      hub.restartTopic(topic, ops, next);
    }
    if (step.silence !== undefined) {
      hub.nowMs += step.silence;
      if (socket.authTimeoutMs === hub.nowMs) socket.take({ type: "authTimedOut" });
    }
    if (step.tick === true) hub.tick();
    hub.flush();
    hub.answerReads();
  }

  it.each(scenarios)("$name", ({ steps }) => {
    const hub = hubOfFixtures();
    const socket = hub.open();
    for (const step of steps) {
      act(hub, socket, step);
      const sent = socket.frames.splice(0).map((frame): Json => JSON.parse(frame));
      if (step.hubCount !== undefined) expect(sent).toHaveLength(step.hubCount);
      else expect(sent).toMatchObject(step.hub ?? []);
      expect(socket.closedWith).toBe(step.close);
    }
  });
});
