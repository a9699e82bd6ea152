/** examples/tanstack-start as its README says to run it: a worker delivers to the app itself, without a hub. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { choosePort, REPOSITORY, Supervisor, simCredentials } from "@guildwire/demo";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchChromium } from "./chromium.ts";
import { type ExampleServer, serveByVite } from "./example-server.ts";
import { RunningStack } from "./running-stack.ts";

const folder = mkdtempSync(join(tmpdir(), "guildwire-start-example-"));
const secret = "for-this-test-alone-and-long-enough";
const output: string[] = [];

let stack: RunningStack;
let browser: Browser;
let app: ExampleServer;
let worker: Supervisor;
let page: Page;

beforeAll(async () => {
  [stack, browser, app] = await Promise.all([
    RunningStack.start({ people: 12, rooms: 4, rate: 0 }),
    launchChromium(),
    serveByVite("tanstack-start", { HUB_SECRET: secret, VOICE_FILE: join(folder, "voice.sqlite") }, output),
  ]);
  const { port } = await choosePort(0);
  const spec = {
    name: "worker of the example",
    args: [join(REPOSITORY, "packages/discord-gateway-worker/dist/main.js")],
    env: {
      ...simCredentials(stack.ports),
      HUB_SECRET: secret,
      HUB_ENDPOINT: `${app.origin}/api/discord-events`,
      PORT: String(port),
      DATA_DIR: join(folder, "worker"),
    },
    readyUrl: `http://127.0.0.1:${port}/ready`,
  };
  worker = new Supervisor([spec], (_name, news) => output.push(JSON.stringify(news)));
  worker.start();
  await worker.ready();
  page = await browser.newPage();
});

afterAll(async () => {
  await browser?.close();
  await worker?.stop();
  await app?.[Symbol.asyncDispose]();
  await stack?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const html = async (): Promise<string> => await (await fetch(app.origin)).text();

it("is rendered from what the worker delivered, before any script runs", async () => {
  await expect.poll(html, { timeout: 30_000 }).toContain("data-room-id");
});

it("shows a move as it happens", async () => {
  await page.goto(app.origin);
  await page.locator('[data-live="true"]').waitFor();
  const places = await stack.places();
  const [from, to] = Object.keys(places).toSorted(
    (a, b) => (places[b]?.length ?? 0) - (places[a]?.length ?? 0),
  );
  const room = (id: string | undefined) => page.locator(`[data-room-id="${id}"] p`);
  const before = (await room(from).textContent())?.split(", ") ?? [];
  const userId = places[from ?? ""]?.[0];
  await stack.command({ type: "move", userId, channelId: to });
  await expect.poll(async () => (await room(from).textContent())?.split(", ").length).toBe(before.length - 1);
  const after = (await room(from).textContent())?.split(", ") ?? [];
  const [moved] = before.filter((name) => !after.includes(name));
  expect(await room(to).textContent()).toContain(String(moved));
});

it("goes on after the worker was killed, with what happened meanwhile", async () => {
  const process = worker.process("worker of the example");
  process.kill();
  await stack.command({
    type: "createChannel",
    kind: "voice",
    name: "Opened meanwhile",
    id: "830000000000000003",
  });
  await process.ready;
  await page.getByText("Opened meanwhile").waitFor();
});

it("refuses a delivery that nobody signed", async () => {
  const answer = await fetch(`${app.origin}/api/discord-events`, { method: "POST", body: "{}" });
  expect(answer.status).toBe(401);
});
