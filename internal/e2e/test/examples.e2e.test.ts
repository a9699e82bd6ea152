/** The examples, run as their READMEs say, against a whole Guildwire: somebody joins, and each page shows it. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchChromium } from "./chromium.ts";
import { type ExampleServer, serveByVite, servePlainHtml } from "./example-server.ts";
import { RunningStack } from "./running-stack.ts";

const QUIET_ROOM = "830000000000000002";
const output: string[] = [];
const complaints: string[] = [];

let browser: Browser;
let stack: RunningStack;
let plainHtml: ExampleServer;

beforeAll(async () => {
  plainHtml = await servePlainHtml((html) => html.replaceAll("localhost:3000", new URL(stack.pageUrl).host));
  const env = { hub: { HUB_ALLOWED_ORIGINS: plainHtml.origin } };
  [stack, browser] = await Promise.all([RunningStack.start({}, env), launchChromium()]);
  await stack.pause();
  await stack.command({ type: "createChannel", kind: "voice", name: "Quiet room", id: QUIET_ROOM });
});

afterAll(async () => {
  await browser?.close();
  await stack?.[Symbol.asyncDispose]();
  await plainHtml?.[Symbol.asyncDispose]();
});

async function openPage(url: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 800, height: 700 } });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(url);
  return page;
}

async function joins(id: string, name: string): Promise<void> {
  await stack.command({ type: "addMember", id, name });
  await stack.command({ type: "join", userId: id, channelId: QUIET_ROOM });
}

it("shows a join on the plain HTML page, with the SDK that the hub serves", async () => {
  const page = await openPage(plainHtml.origin);
  await page.getByText(/^Live: \d+ people$/).waitFor();
  await joins("840000000000000001", "plain-visitor");
  await page.locator(`[data-room-id="${QUIET_ROOM}"]`, { hasText: "plain-visitor" }).waitFor();
  expect(complaints).toEqual([]);
});

it("shows a join in the React app, in its room and as a toast", async () => {
  await using app = await serveByVite("react-vite", { HUB_URL: stack.pageUrl }, output);
  const page = await openPage(app.origin);
  await page.getByText(/^Live: \d+ people$/).waitFor();
  await page.getByRole("button", { name: /^Quiet room/ }).click();
  await joins("840000000000000002", "react-visitor");
  await page.locator(`[data-room-id="${QUIET_ROOM}"] [data-user-id="840000000000000002"]`).waitFor();
  await page.getByText("react-visitor joined Quiet room").waitFor();
  expect(complaints, output.join("\n")).toEqual([]);
});
