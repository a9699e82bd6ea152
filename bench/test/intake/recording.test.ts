import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DISPATCH_NAMES } from "../../../packages/discord-wire/src/index.ts";
import { createFrameScan } from "../../../packages/gateway/src/connection/frame-scan.ts";
import { type Recording, record } from "../../src/intake/recording.ts";
import { decompressor, type Transport } from "../../src/intake/sync-zlib.ts";
import { OUR_GUILD_ID, Traffic } from "../../src/intake/traffic.ts";

const FRAMES = 300;
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "recording-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function recorded(transport: Transport): Recording {
  const traffic = new Traffic({ guilds: 4, people: 20, rooms: 5, oursShare: 0.1, mix: "life" });
  const file = join(folder, transport);
  return record({ file, transport, traffic, frames: FRAMES, gatewayUrl: "ws://127.0.0.1:1/gateway" });
}

/** The payloads between two places, read as a client would. */
function payloads(bytes: Buffer, inflate: (bytes: Buffer) => Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const short = bytes.readUInt8(at + 1);
    const [head, length] =
      short < 126
        ? [2, short]
        : short === 126
          ? [4, bytes.readUInt16BE(at + 2)]
          : [10, Number(bytes.readBigUInt64BE(at + 2))];
    found.push(Buffer.from(inflate(bytes.subarray(at + head, at + head + length))));
    at += head + length;
  }
  return found;
}

describe.each(["none", "zlib-stream", "zstd-stream"] as const)("a recording with %s", (transport) => {
  it("is one session from Hello to the last question", () => {
    const { file, ends, questionEnds, arrivalSeq, lastSeq, frames } = recorded(transport);
    const inflate = transport === "none" ? (bytes: Buffer) => bytes : decompressor(transport);
    const bytes = readFileSync(file);
    const part = (from: number, to: number) =>
      payloads(bytes.subarray(from, to), inflate).map((one) => JSON.parse(one.toString("utf8")));
    const [greeting, arrival, burst, questions] = [
      part(0, ends.greeting),
      part(ends.greeting, ends.arrival),
      part(ends.arrival, ends.burst),
      part(ends.burst, bytes.length),
    ];
    expect(greeting.map(({ op }) => op)).toEqual([10]);
    expect(arrival.map(({ t }) => t)).toEqual(["READY", ...Array(4).fill("GUILD_CREATE"), null]);
    expect(arrival.at(-1)).toMatchObject({ op: 1 });
    expect(frames).toBe(FRAMES);
    expect(burst.map(({ s }) => s)).toEqual(
      Array.from({ length: FRAMES }, (_, index) => arrivalSeq + 1 + index),
    );
    expect(burst.at(-1).s).toBe(lastSeq);
    expect(questions.map(({ op }) => op)).toEqual(questionEnds.map(() => 1));
    expect(questionEnds.at(-1)).toBe(bytes.length);
  });
});

it("has frames in the shape that our scan knows, so that it passes over what is not ours", () => {
  const { file, ends } = recorded("none");
  const scan = createFrameScan({ names: DISPATCH_NAMES, guildId: OUR_GUILD_ID });
  const burst = payloads(readFileSync(file).subarray(ends.arrival, ends.burst), (bytes) => bytes);
  const looked = burst.map((bytes) => scan(bytes));
  for (const [index, passed] of looked.entries()) {
    const { t, s } = JSON.parse(burst[index]?.toString("utf8") ?? "");
    const wanted = DISPATCH_NAMES.has(t) && burst[index]?.includes(OUR_GUILD_ID);
    expect(passed).toEqual(wanted ? undefined : { name: t, seq: s });
  }
  expect(looked.filter((passed) => passed === undefined).length).toBeGreaterThan(0);
});
