/** Each receiver of this folder, as a process, against signed deliveries as the worker makes them. */
import { spawnSync } from "node:child_process";
import { createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, watch } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSecrets, signDelivery } from "@guildwire/receiver";
import { receiverChecks, type Told, ToldStory } from "@guildwire/receiver/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ReceiverProcess, startReceiver } from "./receiver-process.ts";

const SECRET = `whsec_${randomBytes(32).toString("base64")}`;
const SOURCE = "900000000000000009";
const keys = keysOf(SECRET);
const stranger = createSecretKey(randomBytes(32));

const RECENT = "import sys; sys.exit(sys.version_info < (3, 10))";
const isPythonMissing = spawnSync("python3", ["-c", RECENT]).status !== 0;
const isGoMissing = spawnSync("go", ["version"]).status !== 0;
const GO_PROGRAM = join(mkdtempSync(join(tmpdir(), "guildwire-go-")), "receiver");

type Command = readonly [string, ...string[]];
const RECEIVERS: readonly (readonly [name: string, command: Command])[] = [
  ["node:http", [process.execPath, "src/node-http.ts"]],
  ["Express", [process.execPath, "src/express.ts"]],
  ["Hono", [process.execPath, "src/hono.ts"]],
  ["Fastify", [process.execPath, "src/fastify.ts"]],
  ["a route handler of Next.js", [process.execPath, "test/next-process.ts"]],
  ["Python", ["python3", "-B", "receiver.py"]],
  ["Go", [GO_PROGRAM]],
];

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "guildwire-receivers-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function keysOf(secret: string): readonly KeyObject[] {
  const read = readSecrets(secret);
  if (!read.ok) throw new Error(read.problem);
  return read.keys;
}

describe.each(RECEIVERS)("%s", (name, command) => {
  // Said in the title of what is left out, so that nobody takes it for tried.
  const isMissing = (name === "Python" && isPythonMissing) || (name === "Go" && isGoMissing);
  const wanted = name === "Go" ? "go" : "python3 of 3.10 or newer";
  const note = isMissing ? ` (not run: there is no ${wanted} here)` : "";
  const file = () => join(directory, `${RECEIVERS.findIndex(([one]) => one === name)}.sqlite`);
  // What a commit is written to first.
  const journal = () => (name === "Go" ? file() : `${file()}-wal`);
  let receiver: ReceiverProcess;

  beforeAll(async () => {
    if (name === "Go" && !isMissing) buildGo();
    if (!isMissing) receiver = await startReceiver(command, SECRET, file());
  });
  afterAll(async () => await receiver?.kill());

  it.skipIf(isMissing).each(receiverChecks(stranger))(`$title${note}`, async ({ run }) => {
    await expect(run({ url: receiver.url, keys, source: SOURCE })).resolves.toBeUndefined();
  });

  it.skipIf(isMissing)(
    `counts each visit once, however often it is killed between two lines${note}`,
    async () => {
      const story = new ToldStory("900000000000000010", "kills", Date.now());
      const visitors = Array.from({ length: 12 }, (_, index) => String(100 + index));
      const log: Told[] = [
        story.snapshot(["31", "32"]),
        ...visitors.flatMap((id) => [story.joined(id, "31"), story.left(id, "31"), story.joined(id, "32")]),
      ];
      for (let seq = 1, posts = 0; seq <= log.length; posts++) {
        // As the worker: some events at a time, from the last acknowledgement, until they are acknowledged.
        const body = story.body(seq, log.slice(seq - 1, seq + 2));
        const writing = posts % 3 === 1 ? firstWrite(journal()) : undefined;
        const answer = post(receiver.url, `kills_${seq}`, body);
        if (writing !== undefined) {
          await writing;
          await receiver.kill();
          receiver = await startReceiver(command, SECRET, file());
        }
        seq = ((await answer) ?? seq - 1) + 1;
      }
      const rooms = (await receiver.rooms()) as Readonly<Record<string, unknown>>;
      expect(rooms["Room 31"]).toEqual({ visits: 12, people: [] });
      expect(rooms["Room 32"]).toEqual({ visits: 12, people: visitors.map((id) => `Person ${id}`) });
    },
  );
});

function buildGo(): void {
  const built = spawnSync("go", ["build", "-o", GO_PROGRAM, "receiver.go"], {
    cwd: join(import.meta.dirname, ".."),
    encoding: "utf8",
  });
  if (built.status !== 0) throw new Error(built.stderr);
}

/** Settles in the middle of a commit: when the first byte of it is in the file. */
async function firstWrite(file: string): Promise<void> {
  const watcher = watch(file);
  await once(watcher, "change");
  watcher.close();
}

/** What was acknowledged; `undefined` when the answer was lost with the process. */
async function post(url: string, id: string, body: string): Promise<number | undefined> {
  const timestampS = Math.floor(Date.now() / 1_000);
  const headers = {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": String(timestampS),
    "webhook-signature": signDelivery({ id, timestampS, body }, keys),
  };
  try {
    const response = await fetch(url, { method: "POST", headers, body });
    return ((await response.json()) as { readonly acked: number }).acked;
  } catch {
    return undefined;
  }
}
