import { once } from "node:events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { etfOfJson, jsonOfEtf } from "../../src/gateway/etf.ts";
import { createDiscordSim } from "../../src/index.ts";

/** Integers beyond the safe ones are ids, and come back as text; what the Gateway counts is smaller. */
const json = fc.jsonValue().filter((value) => {
  const text = JSON.stringify(value);
  const numbers = text.match(/-?\d[\d.e+-]*/gi) ?? [];
  return !/id":/.test(text) && numbers.every((number) => Math.abs(Number(number)) <= Number.MAX_SAFE_INTEGER);
});

describe("a term", () => {
  it("says the same as the JSON it was made of", () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = JSON.stringify(value);
        expect(JSON.parse(jsonOfEtf(etfOfJson(text)) ?? "undefined")).toEqual(JSON.parse(text));
      }),
    );
  });

  it("has ids as integers, which stay exact", () => {
    const term = etfOfJson('{"guild_id":"1100000000000000001","name":"12"}');
    expect(term.includes("1100000000000000001")).toBe(false);
    expect(jsonOfEtf(term)).toBe('{"guild_id":"1100000000000000001","name":"12"}');
  });

  it("is refused with an atom for a key, a byte missing, or a tag nobody knows", () => {
    const atomKey = Buffer.from([131, 116, 0, 0, 0, 1, 119, 2, 0x6f, 0x70, 97, 1]);
    expect(jsonOfEtf(atomKey)).toBeUndefined();
    const whole = etfOfJson('{"op":1,"d":[1,2.5,"x",null,true,70000]}');
    for (let length = 0; length < whole.length; length += 1) {
      expect(jsonOfEtf(whole.subarray(0, length))).toBeUndefined();
    }
    expect(jsonOfEtf(Buffer.from([131, 200]))).toBeUndefined();
  });

  it("never throws, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => void jsonOfEtf(Buffer.from([131, ...bytes]))),
    );
  });
});

describe("a client that speaks ETF", () => {
  it("identifies and gets READY and its guild", async () => {
    await using sim = await createDiscordSim({ rate: 0 });
    const socket = new WebSocket(`${sim.gatewayUrl}?v=10&encoding=etf`);
    const names: unknown[] = [];
    const arrived = Promise.withResolvers<void>();
    socket.on("message", (data: Buffer, isBinary: boolean) => {
      expect(isBinary).toBe(true);
      const frame = JSON.parse(jsonOfEtf(data) ?? "null");
      if (frame.op === 10) {
        const properties = { os: "x", browser: "x", device: "x" };
        socket.send(etfOfJson(JSON.stringify({ op: 2, d: { token: sim.token, intents: 129, properties } })));
      }
      if (frame.op === 0) names.push(frame.t);
      if (frame.t === "GUILD_CREATE") arrived.resolve();
    });
    await arrived.promise;
    expect(names).toEqual(["READY", "GUILD_CREATE"]);
    socket.send("not a term");
    const [code] = await once(socket, "close");
    expect(code).toBe(4002);
  });
});
