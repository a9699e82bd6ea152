import { decodeFrame } from "@guildwire/discord-wire";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFrameScan, type DispatchFilter } from "../../src/connection/frame-scan.ts";

const GUILD = "1100000000000000001";
const FILTER: DispatchFilter = { names: new Set(["VOICE_STATE_UPDATE", "GUILD_CREATE"]), guildId: GUILD };
const scan = createFrameScan(FILTER);

function frame(name: string, seq: number, d: unknown): string {
  return `{"t":${JSON.stringify(name)},"s":${seq},"op":0,"d":${JSON.stringify(d)}}`;
}

/** What a consumer with the filter would get from a full parse: `undefined` when the frame must be read. */
function fullParse(text: string): { readonly seq: number; readonly name: string } | undefined {
  const outcome = decodeFrame(text);
  if (!outcome.ok) return undefined;
  const { op, s, t, d } = outcome.value;
  if (op !== 0 || s === null || t === null || t === "READY" || t === "RESUMED") return undefined;
  if (FILTER.names.has(t) && strings(d).some((value) => value.includes(GUILD))) return undefined;
  return { seq: s, name: t };
}

function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...strings(inner)]);
}

describe("the look at a frame's bytes", () => {
  it("passes over what nobody wants, and what is about another guild", () => {
    expect(scan(Buffer.from(frame("MESSAGE_CREATE", 7, { guild_id: GUILD })))).toEqual({
      seq: 7,
      name: "MESSAGE_CREATE",
    });
    expect(scan(Buffer.from(frame("VOICE_STATE_UPDATE", 8, { guild_id: "42" })))).toEqual({
      seq: 8,
      name: "VOICE_STATE_UPDATE",
    });
  });

  it("leaves to the parser what is about the guild, wherever its id stands", () => {
    for (const d of [{ guild_id: GUILD }, { a: { b: [GUILD] } }, { note: `see ${GUILD}!` }, { [GUILD]: 1 }]) {
      expect(scan(Buffer.from(frame("VOICE_STATE_UPDATE", 8, d)))).toBeUndefined();
    }
  });

  it("leaves to the parser an id behind escapes", () => {
    const escaped = [...GUILD].map((digit) => `\\u003${digit}`).join("");
    const text = `{"t":"VOICE_STATE_UPDATE","s":8,"op":0,"d":{"guild_id":"${escaped}"}}`;
    expect(JSON.parse(text).d.guild_id).toBe(GUILD);
    expect(scan(Buffer.from(text))).toBeUndefined();
  });

  it.each([
    ["READY", frame("READY", 1, {})],
    ["RESUMED", frame("RESUMED", 1, {})],
    ["Hello", '{"t":null,"s":null,"op":10,"d":{"heartbeat_interval":1}}'],
    ["another order of keys", '{"op":0,"t":"MESSAGE_CREATE","s":7,"d":{}}'],
    ["spaces", '{ "t": "MESSAGE_CREATE", "s": 7, "op": 0, "d": {} }'],
    ["an escaped name", '{"t":"MESSAGE\\u005fCREATE","s":7,"op":0,"d":{}}'],
    ["an empty name", '{"t":"","s":7,"op":0,"d":{}}'],
    ["a sequence that is no integer", '{"t":"X","s":7.5,"op":0,"d":{}}'],
    ["a negative sequence", '{"t":"X","s":-7,"op":0,"d":{}}'],
    ["a sequence with a leading zero", '{"t":"X","s":07,"op":0,"d":{}}'],
    ["a sequence beyond safe integers", '{"t":"X","s":90071992547409931,"op":0,"d":{}}'],
    ["another opcode", '{"t":"X","s":7,"op":7,"d":null}'],
    ["nothing", ""],
    ["a part of a frame", '{"t":"MESSAGE_CRE'],
    ["a part of a sequence", '{"t":"MESSAGE_CREATE","s":1'],
  ])("leaves %s to the parser", (_, text) => {
    expect(scan(Buffer.from(text))).toBeUndefined();
  });

  const id = fc.constantFrom(GUILD, "42", `${GUILD}9`, GUILD.slice(1));
  const body = fc.object({
    values: [id, fc.string({ unit: "binary" }), fc.integer(), fc.constant(null), fc.boolean()],
    maxDepth: 3,
  });
  const name = fc.constantFrom(
    "VOICE_STATE_UPDATE",
    "GUILD_CREATE",
    "MESSAGE_CREATE",
    "READY",
    "X",
    "TYPING_START",
  );
  const parts = fc.record({
    name,
    seq: fc.nat(),
    body,
    order: fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
  });

  it("never disagrees with the full parse about a well-formed frame, in any order of keys and any spacing", () => {
    fc.assert(
      fc.property(parts, fc.constantFrom(0, 1, "\t"), ({ name: t, seq: s, body: d, order }, space) => {
        const entries = [["t", t] as const, ["s", s] as const, ["op", 0] as const, ["d", d] as const];
        const text = JSON.stringify(
          Object.fromEntries(order.map((index) => entries[index] ?? ["t", t])),
          null,
          space,
        );
        const looked = scan(Buffer.from(text));
        if (looked !== undefined) expect(looked).toEqual(fullParse(text));
      }),
      { numRuns: 500 },
    );
  });

  it("passes over every well-formed frame of the usual shape that a full parse would", () => {
    fc.assert(
      fc.property(parts, ({ name: t, seq, body: d }) => {
        const text = frame(t, seq, d);
        // An id behind a longer number or an escape may be read for nothing; nothing wanted may be passed over.
        const certain = !text.includes(GUILD) && !text.includes("\\u003");
        if (certain || fullParse(text) === undefined)
          expect(scan(Buffer.from(text))).toEqual(fullParse(text));
      }),
      { numRuns: 500 },
    );
  });

  it("never disagrees with the full parse about a mutated frame that still parses", () => {
    const mutation = fc.record({
      at: fc.nat(400),
      byte: fc.integer({ min: 0x20, max: 0x7e }),
      insert: fc.boolean(),
    });
    fc.assert(
      fc.property(
        parts,
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        ({ name: t, seq, body: d }, mutations) => {
          let text = frame(t, seq, d);
          for (const { at, byte, insert } of mutations) {
            const index = at % text.length;
            text = text.slice(0, index) + String.fromCharCode(byte) + text.slice(insert ? index : index + 1);
          }
          const looked = scan(Buffer.from(text));
          if (looked !== undefined && decodeFrame(text).ok) expect(looked).toEqual(fullParse(text));
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
