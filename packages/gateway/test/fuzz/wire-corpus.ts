/** Frames to start from, ways to spoil them, and a server's end of the two compressions. */
import { constants, createDeflate, createZstdCompress } from "node:zlib";
import fc from "fast-check";
import type { Compression } from "../../src/index.ts";

export const GUILD_ID = "1100000000000000001";

/** One of each kind, in the shape Discord gives them. */
export const FRAMES: readonly string[] = [
  { t: null, s: null, op: 10, d: { heartbeat_interval: 41_250 } },
  { t: null, s: null, op: 11, d: null },
  { t: null, s: null, op: 1, d: null },
  { t: null, s: null, op: 7, d: null },
  { t: null, s: null, op: 9, d: false },
  {
    t: "READY",
    s: 1,
    op: 0,
    d: {
      session_id: "s1",
      resume_gateway_url: "wss://resume.test/r",
      user: { id: "1", bot: true },
      guilds: [{ id: GUILD_ID }],
    },
  },
  { t: "GUILD_CREATE", s: 2, op: 0, d: { id: GUILD_ID, name: "é€😀", channels: [], voice_states: [] } },
  { t: "VOICE_STATE_UPDATE", s: 3, op: 0, d: { guild_id: GUILD_ID, user_id: "7", channel_id: null } },
  { t: "MESSAGE_CREATE", s: 4, op: 0, d: { guild_id: "42", content: "x".repeat(300) } },
  { t: "RESUMED", s: 5, op: 0, d: {} },
].map((frame) => JSON.stringify(frame));

/** Values that tend to be forgotten, as JSON text. */
const ODD_VALUES = [
  ..."null true -1 0 0.5 1e400 -1e400 9007199254740993 1e-9 2147483648".split(" "),
  '""',
  '"\\ud800"',
  '"__proto__"',
  "[]",
  "{}",
  "[".repeat(20_000) + "]".repeat(20_000),
  '{"__proto__":{"op":0}}',
];

/** Frames in which a value has been put in place of another. */
export const oddFrame: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...FRAMES), fc.nat(), fc.constantFrom(...ODD_VALUES))
  .map(([frame, place, value]) => {
    const values = [...frame.matchAll(/(?<=":)(?:"[^"]*"|[\w.-]+|\{[^{}]*\}|\[[^[\]]*\])/g)];
    const chosen = values[place % values.length];
    if (chosen === undefined) return value;
    return frame.slice(0, chosen.index) + value + frame.slice(chosen.index + chosen[0].length);
  });

type Spoiling =
  | { readonly kind: "flip"; readonly at: number; readonly byte: number }
  | { readonly kind: "cut"; readonly at: number }
  | { readonly kind: "remove"; readonly at: number; readonly count: number }
  | { readonly kind: "insert"; readonly at: number; readonly bytes: Uint8Array };

export const spoiling: fc.Arbitrary<Spoiling> = fc.oneof(
  fc.record({ kind: fc.constant("flip" as const), at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ kind: fc.constant("cut" as const), at: fc.nat() }),
  fc.record({ kind: fc.constant("remove" as const), at: fc.nat(), count: fc.integer({ min: 1, max: 9 }) }),
  fc.record({
    kind: fc.constant("insert" as const),
    at: fc.nat(),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 9 }),
  }),
);

export function spoil(bytes: Buffer, ways: readonly Spoiling[]): Buffer {
  return ways.reduce((spoiled, way) => {
    const at = spoiled.length === 0 ? 0 : way.at % spoiled.length;
    const [before, after] = [spoiled.subarray(0, at), spoiled.subarray(at)];
    switch (way.kind) {
      case "flip":
        return Buffer.concat([before, Buffer.from([way.byte]), after.subarray(1)]);
      case "cut":
        return before;
      case "remove":
        return Buffer.concat([before, after.subarray(way.count)]);
      case "insert":
        return Buffer.concat([before, way.bytes, after]);
      default:
        return spoiled;
    }
  }, bytes);
}

/** The messages of one connection, compressed with one context as Discord does. */
export async function compressed(
  compression: Exclude<Compression, "none">,
  texts: readonly (string | Buffer)[],
): Promise<readonly Buffer[]> {
  const stream = compression === "zstd-stream" ? createZstdCompress() : createDeflate();
  const flushKind = compression === "zstd-stream" ? constants.ZSTD_e_flush : constants.Z_SYNC_FLUSH;
  let chunks: Buffer[] = [];
  const messages: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  for (const text of texts) {
    stream.write(text);
    await new Promise<void>((resolve) => stream.flush(flushKind, () => resolve()));
    messages.push(Buffer.concat(chunks));
    chunks = [];
  }
  stream.destroy();
  return messages;
}
