/** The client in examples/python against a real hub. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { voiceTopic } from "@guildwire/client/rooms";
import { afterEach, expect, it } from "vitest";
import { WINDOW_MS } from "../../src/sockets/topic-feed.ts";
import { GUILD, GuildStory, type StoryStep } from "../guild-story.ts";
import { startHub } from "../hub-at-work.ts";

const FOLLOW = fileURLToPath(new URL("../../../../examples/python/follow.py", import.meta.url));
const RECENT = "import sys; sys.exit(sys.version_info < (3, 10))";
const isMissing = spawnSync("python3", ["-c", RECENT]).status !== 0;
const note = isMissing ? " (not run: there is no python3 of 3.10 or newer here)" : "";

let child: ChildProcess | undefined;
afterEach(async () => {
  if (child === undefined || child.exitCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
});

function follow(port: number, topic: string): ChildProcess & { readonly stdout: NodeJS.ReadableStream } {
  const started = spawn("python3", ["-B", FOLLOW, `http://127.0.0.1:${port}`, topic], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  child = started;
  return started;
}

it.skipIf(isMissing)(`a client in Python tells who joins, moves and leaves${note}`, async () => {
  await using work = await startHub();
  const story = new GuildStory();
  const tell = async (step: StoryStep): Promise<void> => {
    await work.deliver(story.tell(step));
    work.clock.advance(WINDOW_MS);
  };
  await work.deliver([
    ...story.tell({ act: "openRoom", room: "1" }),
    ...story.tell({ act: "openRoom", room: "2" }),
    story.snapshot(),
  ]);
  const lines = createInterface({ input: follow(work.port, voiceTopic(GUILD.id)).stdout })[
    Symbol.asyncIterator
  ]();
  const next = async (): Promise<string> => String((await lines.next()).value);

  expect([await next(), await next(), await next()]).toEqual(["Room 1: nobody", "Room 2: nobody", "(live)"]);
  await tell({ act: "enter", user: "7", room: "1" });
  expect(await next()).toMatch(/^\+ .+ joined Room 1$/);
  await tell({ act: "enter", user: "7", room: "2" });
  expect(await next()).toMatch(/^> .+ moved from Room 1 to Room 2$/);
  await tell({ act: "leave", user: "7" });
  expect(await next()).toMatch(/^- .+ left Room 2$/);
});

it.skipIf(isMissing)(`a client in Python says why it is refused, and ends${note}`, async () => {
  await using work = await startHub();
  const started = follow(work.port, "voice/1/nobody-made-this-view");
  let problem = "";
  started.stderr?.on("data", (chunk) => {
    problem += String(chunk);
  });
  const [code] = await once(started, "close");
  expect(code).toBe(1);
  expect(problem).toContain("this hub has no view called nobody-made-this-view");
});
