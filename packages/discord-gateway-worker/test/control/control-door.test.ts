import { createSecretKey } from "node:crypto";
import { signedHeaders } from "@guildwire/delivery";
import { describe, expect, it } from "vitest";
import { createControlDoor } from "../../src/control/control-door.ts";
import type { ParkedChoice } from "../../src/store/outbox-view.ts";

const KEY = createSecretKey(Buffer.alloc(32, 1));
const OTHER = createSecretKey(Buffer.alloc(32, 2));

function setUp() {
  const replayed: ParkedChoice[] = [];
  const door = createControlDoor([KEY], {
    inspect: () => expect.unreachable("nobody asked"),
    replay: (parked) => {
      replayed.push(parked);
      return Promise.resolve({ parked: 0, snapshotSeq: 7 });
    },
  });
  const ask = (request: unknown, { key = KEY, id = "control_1" } = {}) => {
    const body = JSON.stringify(request);
    return door(signedHeaders({ id, body }, [key]), Buffer.from(body));
  };
  return { door, ask, replayed };
}

describe("a request at the control door", () => {
  it("is performed when it is signed with the shared secret", async () => {
    const { ask, replayed } = setUp();
    expect(await ask({ command: "replay", parked: "all" })).toEqual({
      status: 200,
      json: { parked: 0, snapshotSeq: 7 },
    });
    expect(replayed).toEqual(["all"]);
  });

  it("is refused with another secret, or without a signature", async () => {
    const { ask, door, replayed } = setUp();
    expect((await ask({ command: "replay", parked: "all" }, { key: OTHER })).status).toBe(401);
    expect((await door({}, Buffer.from("{}"))).status).toBe(401);
    expect(replayed).toEqual([]);
  });

  it("is performed once, however often it is sent", async () => {
    const { ask, replayed } = setUp();
    await ask({ command: "replay", parked: "none" });
    expect(await ask({ command: "replay", parked: "none" })).toMatchObject({ status: 409 });
    expect((await ask({ command: "replay", parked: "none" }, { id: "control_2" })).status).toBe(200);
    expect(replayed).toHaveLength(2);
  });

  it.each([[{}], [{ command: "stop" }], [{ command: "replay", parked: { sinceIso: "soon" } }], ["text"]])(
    "like %j is not understood",
    async (request) => {
      expect((await setUp().ask(request)).status).toBe(400);
    },
  );
});
