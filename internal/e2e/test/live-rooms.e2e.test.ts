/**
 * The whole of it, as a person would see it: simulator, worker and hub as real processes (production builds), the page
 * in a real Chromium. Whatever is killed, the page becomes true again by itself.
 */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "./chromium.ts";
import { LivePage } from "./live-page.ts";
import { RunningStack } from "./running-stack.ts";

let stack: RunningStack;
let browser: Browser;
let page: Page;
let live: LivePage;
const complaints: string[] = [];

beforeAll(async () => {
  [stack, browser] = await Promise.all([RunningStack.start(), launchChromium()]);
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.on("pageerror", (error) => complaints.push(String(error)));
  live = new LivePage(page);
  await live.open(stack.pageUrl);
});

afterAll(async () => {
  await browser?.close();
  await stack?.[Symbol.asyncDispose]();
});

/** Life stands still, and the page shows what is true. */
async function becomesTrue(): Promise<void> {
  await stack.pause();
  await live.untilShows(await stack.places());
  await stack.resume();
}

describe("the live rooms page", () => {
  it("shows everyone in voice, in the right room", async () => {
    await becomesTrue();
    const places = await live.places();
    expect(Object.values(places).flat().length).toBeGreaterThan(5);
  });

  it("is rendered by the server, people included, before any script runs", async () => {
    await stack.pause();
    await live.untilShows(await stack.places());
    const html = await (await fetch(stack.pageUrl)).text();
    const someone = Object.values(await stack.places()).flat()[0];
    expect(html).toContain(`data-user-id="${someone}"`);
    await stack.resume();
  });

  it("shows a move as it happens", async () => {
    await stack.pause();
    const before = await stack.places();
    await live.untilShows(before);
    const [from, to] = Object.keys(before).toSorted(
      (a, b) => (before[b]?.length ?? 0) - (before[a]?.length ?? 0),
    );
    const userId = before[from ?? ""]?.[0];
    await stack.command({ type: "move", userId, channelId: to });
    await live.untilPersonIsIn(String(userId), String(to));
    await live.untilShows(await stack.places());
    await stack.resume();
  });

  it("shows a room that is created and takes one away that is deleted", async () => {
    await stack.pause();
    await stack.command({
      type: "createChannel",
      kind: "voice",
      name: "Test room",
      id: "830000000000000001",
    });
    await page.locator('[data-room-id="830000000000000001"]').getByText("Test room").waitFor();
    await stack.command({ type: "deleteChannel", channelId: "830000000000000001" });
    await live.untilShows(await stack.places());
    await stack.resume();
  });

  it("becomes true again after the worker is killed, with what happened meanwhile", async () => {
    await stack.killAndAwait("worker");
    await becomesTrue();
    expect(await stack.stats()).toMatchObject({ identifies: 1 });
  });

  it("says so when the hub is killed, and becomes true again", async () => {
    const back = stack.kill("hub");
    await live.untilNotLive();
    await back;
    await becomesTrue();
  });

  it("becomes true again after the simulator is killed and its world begins anew", async () => {
    await stack.killAndAwait("sim");
    await becomesTrue();
  });

  it("survives a dropped connection, op 7 and an invalidated session", async () => {
    for (const act of [
      { type: "drop" },
      { type: "reconnect" },
      { type: "invalidateSession", resumable: false },
    ]) {
      await stack.act(act);
      await becomesTrue();
    }
  });

  it("did all this without a reload, without an error, and without telling a secret", async () => {
    expect(await live.wasReloaded()).toBe(false);
    expect(complaints).toEqual([]);
    expect(stack.output.filter((line) => line.includes("sim-token") && !line.startsWith("sim:"))).toEqual([]);
    expect(stack.output.filter((line) => line.includes("whsec_"))).toEqual([]);
  });
});
