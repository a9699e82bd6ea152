/** What the page says stays true: when a hop hangs, under a browser's translation, and for who works by keyboard. */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { launchChromium } from "./chromium.ts";
import { RunningStack } from "./running-stack.ts";

let stack: RunningStack;
let browser: Browser;
let page: Page;
const faults: string[] = [];

beforeAll(async () => {
  [stack, browser] = await Promise.all([RunningStack.start(), launchChromium()]);
  await stack.pause();
});

afterAll(async () => {
  await browser?.close();
  await stack?.[Symbol.asyncDispose]();
});

beforeEach(async () => {
  faults.length = 0;
  page = await browser.newPage();
  page.on("pageerror", (error) => faults.push(String(error)));
  await page.goto(stack.pageUrl);
  await page.locator('[data-fresh="true"] [data-user-id]').first().waitFor();
});

afterEach(async () => {
  await page.close();
  expect(faults).toEqual([]);
});

const pill = () => page.locator('[data-opens="freshness"]');
const saysPill = (text: string | RegExp) => pill().filter({ hasText: text }).waitFor();

/** Someone in the fullest room, and a room they are not in. */
async function somebody(): Promise<{ readonly userId: string; readonly from: string; readonly to: string }> {
  const [from, to] = Object.entries(await stack.places()).toSorted(([, a], [, b]) => b.length - a.length);
  return { userId: String(from?.[1][0]), from: String(from?.[0]), to: String(to?.[0]) };
}
const placeOf = (userId: string, roomId: string) =>
  page.locator(`[data-room-id="${roomId}"] [data-user-id="${userId}"]`);

describe("the age of what is shown", () => {
  it("is said from the third second on while a worker hangs, which is then named, and live again after it", async () => {
    const goOn = stack.freeze("worker");
    try {
      await page.locator('[data-opens="freshness"] [data-age$=" s"]').waitFor();
      await saysPill(/live · \d+ s ago/);
      await saysPill(/worker silent for \d+ s/);
      await page.locator('[data-fresh="false"]').first().waitFor();
      await pill().click();
      await page.getByText("The worker is silent").waitFor();
      await page.keyboard.press("Escape");
    } finally {
      goOn();
    }
    await page.locator('[data-fresh="true"]').first().waitFor();
    await saysPill("live");
  });

  it("names the hub when the hub hangs", async () => {
    const goOn = stack.freeze("hub");
    try {
      await saysPill(/live · \d+ s ago/);
      await saysPill(/server silent for \d+ s/);
    } finally {
      goOn();
    }
    await saysPill("live");
  });
});

/** What Google's translation does to a page: each text is replaced by one within two <font>s. */
const translate = () =>
  page.evaluate(() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found: Text[] = [];
    while (texts.nextNode()) found.push(texts.currentNode as Text);
    for (const text of found) {
      if (text.data.trim() === "" || text.parentElement?.closest('[translate="no"], script, style')) continue;
      const outer = document.createElement("font");
      const inner = document.createElement("font");
      inner.textContent = `¡${text.data}!`;
      outer.append(inner);
      text.replaceWith(outer);
    }
  });

describe("a page that the browser has translated", () => {
  it("no longer says live when the network is gone", async () => {
    await translate();
    await page.context().setOffline(true);
    await saysPill("you are offline");
    expect(await pill().textContent()).not.toContain("live");
    await page.context().setOffline(false);
    await saysPill("live");
  });

  it("goes on showing who is where and how many, and never translates a name", async () => {
    await translate();
    const names = await page.locator("[data-user-id] bdi").allTextContents();
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => name.includes("¡"))).toEqual([]);
    const { userId, from, to } = await somebody();
    await stack.command({ type: "move", userId, channelId: to });
    await placeOf(userId, to).waitFor();
    await stack.command({ type: "leave", userId });
    await placeOf(userId, to).waitFor({ state: "detached" });
    const people = Object.values(await stack.places()).flat().length;
    await page
      .locator("h1 + p strong")
      .first()
      .filter({ hasText: String(people) })
      .waitFor();
    await stack.command({ type: "join", userId, channelId: from });
    await placeOf(userId, from).waitFor();
  });
});

describe("the focus", () => {
  const focused = () =>
    page.evaluate(() => document.activeElement?.closest<HTMLElement>("[data-user-id]")?.dataset["userId"]);

  it("goes with a person who changes rooms, and to a neighbour when they leave", async () => {
    const { userId, from, to } = await somebody();
    await placeOf(userId, from).locator("button").focus();
    await stack.command({ type: "move", userId, channelId: to });
    await placeOf(userId, to).waitFor();
    expect(await focused()).toBe(userId);
    await stack.command({ type: "leave", userId });
    await placeOf(userId, to).waitFor({ state: "detached" });
    const neighbour = await focused();
    expect(neighbour).not.toBe(userId);
    expect((await stack.places())[to]).toContain(neighbour);
    await stack.command({ type: "join", userId, channelId: from });
  });
});

describe("forced colours", () => {
  it("mark the selected tab", async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.emulateMedia({ forcedColors: "active" });
    const look = (name: string) =>
      page.getByRole("tab", { name }).evaluate((tab) => {
        const { backgroundColor, borderTopWidth } = getComputedStyle(tab);
        return { backgroundColor, borderTopWidth };
      });
    expect(await look("Activity")).not.toEqual(await look("Last 24 hours"));
  });
});
