import { describe, expect, it } from "vitest";
import { HubCloseCode } from "../src/close-code.ts";
import {
  AUTH_WITHIN_MS,
  type ConnectionInput,
  TOPICS_PER_CONNECTION_MAX,
  type TopicAnswer,
  UnsubscribedCode,
} from "../src/connection.ts";
import { MESSAGES_BURST } from "../src/message-budget.ts";
import { BUFFERED_FRAMES_MAX } from "../src/subscription.ts";
import { authed, frame, live, Scenario, snapshotAt, told } from "./connection-scenario.ts";

describe("the first frame", () => {
  it("is waited for, and no longer than the time for it (C1)", () => {
    const scenario = new Scenario();
    expect(scenario.effects).toEqual([{ type: "startAuthTimer", afterMs: AUTH_WITHIN_MS }]);
    expect(told(scenario.take({ type: "authTimedOut" }))).toEqual([
      "cancelAuthTimer",
      `close ${HubCloseCode.AuthTimeout}`,
    ]);
  });

  it("being auth is answered with hi", () => {
    const effects = new Scenario().say({ t: "auth", id: 7, v: 1 });
    expect(effects).toEqual([
      { type: "cancelAuthTimer" },
      {
        type: "send",
        message: { t: "hi", id: 7, conn: "c_1", v: 1, now: 1_000, tick: 25_000, grace: 10_000 },
      },
    ]);
  });

  it.each([{ t: "sub", id: 1, topic: "t" }, { t: "pong" }, { t: "auth", id: 1 }])(
    "being something else ends the connection: %j",
    (message) => {
      expect(told(new Scenario().say(message))).toContain(`close ${HubCloseCode.MalformedFrame}`);
    },
  );

  it("of another protocol version ends the connection", () => {
    expect(told(new Scenario().say({ t: "auth", id: 1, v: 2 }))).toContain(
      `close ${HubCloseCode.VersionNotSpoken}`,
    );
  });

  it("in time makes a late timer harmless", () => {
    expect(authed().take({ type: "authTimedOut" })).toEqual([]);
  });

  it("subscribes to the topics it names, with their positions", () => {
    const scenario = authed([{ topic: "t", e: "e", o: 4 }, { topic: "secret" }, { topic: "u" }]);
    expect(scenario.effects.filter(({ type }) => type === "readTopic")).toEqual([
      { type: "readTopic", topic: "t", readId: 1, position: { epoch: "e", offset: 4 } },
      { type: "readTopic", topic: "u", readId: 2, position: undefined },
    ]);
    expect(told(scenario.effects)).toContain("err forbidden");
  });
});

describe("a subscription", () => {
  it("is answered with subd, the snapshot's pages, and is live then", () => {
    const scenario = authed();
    scenario.say({ t: "sub", id: 2, topic: "t" });
    const effects = scenario.read("t", snapshotAt(5));
    expect(told(effects)).toEqual(["send subd", "bytes p1", "bytes p2", "goLive"]);
    expect(effects[0]).toEqual({
      type: "send",
      message: { t: "subd", id: 2, topic: "t", e: "e", o: 5, how: "snapshot" },
    });
  });

  it("is answered with one delta when the log still reaches the position", () => {
    const scenario = authed([{ topic: "t", e: "e", o: 3 }]);
    const effects = scenario.read("t", {
      type: "resumed",
      position: { epoch: "e", offset: 5 },
      frame: frame(3, 5),
    });
    expect(told(effects)).toEqual(["send subd", "bytes 3-5", "goLive"]);
    expect(effects[0]).toMatchObject({ message: { how: "resumed", o: 5 } });
  });

  it("is answered with nothing but subd at the top", () => {
    const scenario = authed([{ topic: "t", e: "e", o: 5 }]);
    const answer: TopicAnswer = { type: "resumed", position: { epoch: "e", offset: 5 }, frame: undefined };
    expect(told(scenario.read("t", answer))).toEqual(["send subd", "goLive"]);
  });

  it("gets what happened during its read after the answer, without what the answer holds (S2)", () => {
    const scenario = authed([{ topic: "t" }]);
    for (const change of [frame(3, 4), frame(4, 6), frame(6, 7)]) {
      expect(scenario.take({ type: "topicChanged", topic: "t", frame: change })).toEqual([]);
    }
    expect(told(scenario.read("t", snapshotAt(5)))).toEqual([
      "send subd",
      "bytes p1",
      "bytes p2",
      "bytes 4-6",
      "bytes 6-7",
      "goLive",
    ]);
  });

  it.each([
    ["do not join on to the answer", [frame(6, 7)]],
    ["are of another epoch", [frame(5, 6, "f")]],
    ["are more than are kept", Array.from({ length: BUFFERED_FRAMES_MAX + 1 }, (_, at) => frame(at, at + 1))],
  ])("reads afresh when the changes during its read %s", (_, frames) => {
    const scenario = authed([{ topic: "t" }]);
    for (const change of frames) scenario.take({ type: "topicChanged", topic: "t", frame: change });
    if (scenario.connection.readsStarted === 1) {
      expect(told(scenario.read("t", snapshotAt(5)))).toEqual(["readTopic"]);
    }
    expect(scenario.connection.readsStarted).toBe(2);
    expect(told(scenario.read("t", snapshotAt(9)))).toEqual(["send subd", "bytes p1", "bytes p2", "goLive"]);
  });

  it("drops an answer to an older read (S5)", () => {
    const scenario = authed([{ topic: "t" }]);
    scenario.say({ t: "resync", id: 2, topic: "t", why: "gap" });
    expect(scenario.take({ type: "topicRead", topic: "t", readId: 1, answer: snapshotAt(5) })).toEqual([]);
    expect(scenario.read("t", snapshotAt(6))[0]).toMatchObject({ message: { t: "subd", id: 2 } });
  });

  it("drops an answer that comes after it has ended", () => {
    const scenario = authed([{ topic: "t" }]);
    expect(told(scenario.say({ t: "unsub", id: 2, topic: "t" }))).toEqual(["leaveTopic"]);
    expect(scenario.read("t", snapshotAt(5))).toEqual([]);
  });

  it("a second time is an error, and changes nothing (C4)", () => {
    expect(told(live().say({ t: "sub", id: 2, topic: "t" }))).toEqual(["err already_subscribed"]);
  });

  it("to a topic that is not admitted is refused without retry", () => {
    expect(authed().say({ t: "sub", id: 9, topic: "secret" })).toEqual([
      {
        type: "send",
        message: { t: "err", id: 9, topic: "secret", code: "forbidden", msg: "not for you", retry: false },
      },
    ]);
  });

  it("beyond the greatest number of topics is refused", () => {
    const scenario = authed(
      Array.from({ length: TOPICS_PER_CONNECTION_MAX }, (_, index) => ({ topic: `t${index}` })),
    );
    expect(told(scenario.say({ t: "sub", id: 2, topic: "more" }))).toEqual(["err limit"]);
    scenario.say({ t: "unsub", id: 3, topic: "t0" });
    expect(told(scenario.say({ t: "sub", id: 4, topic: "more" }))).toEqual(["readTopic"]);
  });

  it("that cannot be read is refused with retry, and may be asked again", () => {
    const scenario = authed([{ topic: "t" }]);
    expect(scenario.read("t", { type: "failed" })).toMatchObject([
      { type: "leaveTopic" },
      { message: { code: "unavailable", retry: true } },
    ]);
    expect(told(scenario.say({ t: "sub", id: 2, topic: "t" }))).toEqual(["readTopic"]);
  });

  it("with a position beyond the log ends, so that the browser comes without one", () => {
    const scenario = authed([{ topic: "t", e: "e", o: 99 }]);
    expect(scenario.read("t", { type: "ahead" })).toMatchObject([
      { type: "leaveTopic" },
      { message: { t: "unsubd", code: UnsubscribedCode.PositionAhead } },
    ]);
  });

  it("ends when the topic's log begins anew", () => {
    const scenario = live();
    expect(scenario.take({ type: "topicBroken", topic: "t" })).toMatchObject([
      { type: "leaveTopic" },
      { message: { t: "unsubd", code: UnsubscribedCode.EpochChanged } },
    ]);
    expect(scenario.take({ type: "topicBroken", topic: "t" })).toEqual([]);
  });
});

describe("a resync", () => {
  it("of a live topic reads it again and tells why", () => {
    const scenario = live();
    expect(scenario.say({ t: "resync", id: 3, topic: "t", e: "e", o: 5, why: "digest", dg: 1 })).toEqual([
      { type: "resyncAsked", topic: "t", why: "digest" },
      { type: "readTopic", topic: "t", readId: 2, position: { epoch: "e", offset: 5 } },
    ]);
    expect(told(scenario.read("t", snapshotAt(6)))[0]).toBe("send subd");
  });

  it("of a topic that is not subscribed is an error", () => {
    expect(told(authed().say({ t: "resync", id: 3, topic: "t", why: "gap" }))).toEqual(["err bad_request"]);
  });
});

describe("a socket that fills up", () => {
  it("gets one squashed delta when it has drained, without another subd (S4)", () => {
    const scenario = live();
    scenario.take({ type: "fellBehind", topic: "t", position: { epoch: "e", offset: 5 } });
    expect(scenario.take({ type: "topicChanged", topic: "t", frame: frame(5, 6) })).toEqual([]);
    expect(scenario.take({ type: "drained" })).toEqual([
      { type: "readTopic", topic: "t", readId: 2, position: { epoch: "e", offset: 5 } },
    ]);
    const answer: TopicAnswer = { type: "resumed", position: { epoch: "e", offset: 9 }, frame: frame(5, 9) };
    expect(told(scenario.read("t", answer))).toEqual(["bytes 5-9", "goLive"]);
  });

  it("is told when the topic cannot be read any more", () => {
    const scenario = live();
    scenario.take({ type: "fellBehind", topic: "t", position: { epoch: "e", offset: 5 } });
    scenario.take({ type: "drained" });
    expect(scenario.read("t", { type: "failed" })).toMatchObject([
      { type: "leaveTopic" },
      { message: { t: "unsubd", code: UnsubscribedCode.Unreadable } },
    ]);
  });

  it("does nothing when nothing fell behind", () => {
    expect(live().take({ type: "drained" })).toEqual([]);
  });
});

describe("a change too large for a frame", () => {
  it("is read by a live subscription as a snapshot, without another subd", () => {
    const scenario = live();
    const position = { epoch: "e", offset: 5 };
    expect(scenario.take({ type: "readAgain", topic: "t", position })).toMatchObject([
      { type: "readTopic", position },
    ]);
    expect(told(scenario.read("t", snapshotAt(6)))).toEqual(["bytes p1", "bytes p2", "goLive"]);
  });

  it("starts a read under way afresh, which still owes its answer", () => {
    const scenario = authed([{ topic: "t" }]);
    scenario.take({ type: "readAgain", topic: "t", position: { epoch: "e", offset: 5 } });
    expect(told(scenario.read("t", snapshotAt(6)))[0]).toBe("send subd");
  });

  it("waits while the socket is behind", () => {
    const scenario = live();
    scenario.take({ type: "fellBehind", topic: "t", position: { epoch: "e", offset: 5 } });
    expect(scenario.take({ type: "readAgain", topic: "t", position: { epoch: "e", offset: 6 } })).toEqual([]);
  });
});

describe("a browser that misbehaves", () => {
  it.each(["nope", "[]", "{}"])("with a frame that is no message is cut off: %s (C2)", (text) => {
    const effects = live().take({ type: "frameReceived", text, atMs: 9_000 });
    expect(told(effects)).toEqual(["leaveTopic", `close ${HubCloseCode.MalformedFrame}`]);
  });

  it("with a binary frame is cut off", () => {
    expect(told(authed().take({ type: "binaryReceived" }))).toEqual([`close ${HubCloseCode.MalformedFrame}`]);
  });

  it("with a wrong field is told so and lives on", () => {
    const scenario = authed();
    expect(scenario.say({ t: "sub", id: 4 })).toMatchObject([
      { message: { t: "err", id: 4, code: "bad_request" } },
    ]);
    expect(told(scenario.say({ t: "sub", id: 5, topic: "t" }))).toEqual(["readTopic"]);
  });

  it("by too many messages is told to stay away for a while (C3)", () => {
    const scenario = authed();
    // The auth was the first of the burst.
    for (let sent = 1; sent < MESSAGES_BURST; sent++)
      expect(scenario.say({ t: "sub", id: 1 }, 0)).toHaveLength(1);
    const effects = scenario.say({ t: "pong" }, 0);
    expect(told(effects)).toEqual(["send bye", `close ${HubCloseCode.RateLimited}`]);
  });

  it("once cut off has no more effect (C5)", () => {
    const scenario = live();
    scenario.take({ type: "binaryReceived" });
    for (const input of [
      { type: "frameReceived", text: '{"t":"pong"}', atMs: 0 },
      { type: "authTimedOut" },
      { type: "drained" },
      { type: "topicBroken", topic: "t" },
      { type: "topicRead", topic: "t", readId: 1, answer: snapshotAt(1) },
    ] satisfies ConnectionInput[]) {
      expect(scenario.take(input)).toEqual([]);
    }
  });
});
