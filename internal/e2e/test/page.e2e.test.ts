/** What a person does with the live rooms page: a real browser, a real hub, and a world that stands still unless told. */
import axe from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { launchChromium } from "./chromium.ts";
import { LivePage } from "./live-page.ts";
import { type Places, RunningStack } from "./running-stack.ts";

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 390, height: 844 };

let stack: RunningStack;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let places: Places;
let complaints: string[];

beforeAll(async () => {
  [stack, browser] = await Promise.all([
    RunningStack.start({ people: 80, rooms: 14, rate: 0 }),
    launchChromium(),
  ]);
});

afterAll(async () => {
  await browser?.close();
  await stack?.[Symbol.asyncDispose]();
});

beforeEach(async () => {
  complaints = [];
  await open(WIDE);
});

afterEach(async () => {
  await context.close();
  expect(complaints).toEqual([]);
});

/** As someone who comes for the first time. */
async function open(viewport: typeof WIDE, colorScheme: "light" | "dark" = "light"): Promise<void> {
  await context?.close();
  context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce" });
  page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    // A browser that is offline says so for each attempt to connect.
    if (message.type() === "error" && !message.text().includes("ERR_INTERNET_DISCONNECTED"))
      complaints.push(message.text());
  });
  await page.goto(stack.pageUrl);
  places = await stack.places();
  await new LivePage(page).untilShows(places);
}

/** A person, the room they are in, and another room. */
function someone(): { readonly userId: string; readonly roomId: string; readonly otherId: string } {
  const [roomId = "", people = []] = Object.entries(places).find(([, inside]) => inside.length > 1) ?? [];
  const otherId = Object.keys(places).find((id) => id !== roomId) ?? "";
  return { userId: people[0] ?? "", roomId, otherId };
}

const shownRooms = (): Promise<number> => page.locator("[data-room-id]").count();
const personButton = (userId: string) => page.locator(`[data-user-id="${userId}"] button`);
const nameOf = async (userId: string): Promise<string> =>
  (await page.locator(`[data-user-id="${userId}"] bdi`).first().textContent()) ?? "";

describe("finding", () => {
  it("goes to the search by `/`, shows who is looked for, and everybody again by Esc", async () => {
    const { userId, roomId } = someone();
    const name = await nameOf(userId);
    await page.keyboard.press("/");
    await page.keyboard.type(name.toUpperCase());
    await page.waitForFunction(() => document.querySelectorAll("[data-room-id]").length <= 3);
    expect(await page.locator(`[data-room-id="${roomId}"] [data-user-id="${userId}"]`).isVisible()).toBe(
      true,
    );
    await page.keyboard.press("Escape");
    await page.waitForFunction(
      (count) => document.querySelectorAll("[data-room-id]").length === count,
      Object.keys(places).length,
    );
  });

  it("says that there is nobody of that name", async () => {
    await page.getByRole("searchbox").fill("qqqq");
    await page.getByText("nobody in voice goes by that name").waitFor();
  });

  it("keeps a filter over a reload, from the first HTML on", async () => {
    await page.getByRole("button", { name: "Stages" }).click();
    await page.waitForFunction(() => document.querySelectorAll("[data-room-id]").length < 4);
    const stages = await shownRooms();
    expect(stages).toBeGreaterThan(0);
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.url() === stack.pageUrl),
      page.reload(),
    ]);
    expect((await answer.text()).match(/data-room-id=/g)).toHaveLength(stages);
    expect(await page.getByRole("button", { name: "Stages" }).getAttribute("aria-pressed")).toBe("true");
    await page.getByRole("button", { name: "Stages" }).click();
    await page.waitForFunction(
      (count) => document.querySelectorAll("[data-room-id]").length === count,
      Object.keys(places).length,
    );
  });
});

describe("details", () => {
  it("of a room open by keyboard, lead to Discord, and give the focus back", async () => {
    const { roomId } = someone();
    const opener = page.locator(`[data-room-id="${roomId}"] [data-opens=room]`);
    await opener.focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    const link = dialog.getByRole("link", { name: /Open in Discord/ });
    expect(await link.getAttribute("href")).toBe(`https://discord.com/channels/900000000000000001/${roomId}`);
    await page.waitForFunction(() => document.activeElement?.closest("[role=dialog]") !== null);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(await opener.evaluate((button) => button === document.activeElement)).toBe(true);
  });

  it("of a room are copied as links for other pages", async () => {
    const { roomId } = someone();
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.locator(`[data-room-id="${roomId}"] [data-opens=room]`).click();
    await page.getByRole("button", { name: /Overlay/ }).click();
    await page.getByText("copied").waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      `${stack.pageUrl}overlay/900000000000000001/${roomId}`,
    );
  });

  it("of a person follow them into another room, and say when they are gone", async () => {
    const { userId, roomId, otherId } = someone();
    await personButton(userId).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(await nameOf(userId)).waitFor();
    await stack.command({ type: "move", userId, channelId: otherId });
    const otherName = await page.locator(`[data-room-id="${otherId}"] h3 bdi`).textContent();
    await dialog.getByText(otherName ?? "").waitFor();
    await stack.command({ type: "leave", userId });
    await dialog.getByText("no longer in voice").waitFor();
    await stack.command({ type: "join", userId, channelId: roomId });
    await dialog.getByText(await nameOf(userId)).waitFor();
  });
});

it("a theme is chosen by hand and is there from the first HTML on", async () => {
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await page.getByRole("button", { name: /^Colours/ }).click();
  await page.getByRole("button", { name: "Dark" }).click();
  const dark = await background();
  expect(dark).not.toBe(light);
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url() === stack.pageUrl),
    page.reload(),
  ]);
  expect(await answer.text()).toContain('data-theme="dark"');
  expect(await background()).toBe(dark);
});

describe("activity", () => {
  const deedsOf = (name: string) => page.locator(".deed").filter({ hasText: name });

  it("tells a move once, also after a reload", async () => {
    const { userId, roomId, otherId } = someone();
    const deeds = deedsOf(await nameOf(userId));
    const before = await deeds.count();
    await stack.command({ type: "move", userId, channelId: otherId });
    await deeds.nth(before).waitFor();
    expect(await deeds.first().textContent()).toContain("moved");
    await page.reload();
    await new LivePage(page).untilShows(await stack.places());
    expect(await deeds.count()).toBe(before + 1);
    await stack.command({ type: "move", userId, channelId: roomId });
    await deeds.nth(before + 1).waitFor();
    expect(await deeds.count()).toBe(before + 2);
  });

  it("has plots of the last day that are read by keyboard, and a table", async () => {
    await page.getByRole("tab", { name: "Last 24 hours" }).click();
    const mark = page.getByRole("slider", { name: /Time of the day/ });
    await mark.focus();
    const now = await mark.getAttribute("aria-valuetext");
    await page.keyboard.press("Home");
    await page.waitForFunction(
      (text) => document.querySelector("input[type=range]")?.getAttribute("aria-valuetext") !== text,
      now,
    );
    expect(await mark.getAttribute("aria-valuetext")).toMatch(/^\d\d:\d\d: (not known|\d+ (person|people))$/);
    await page.getByRole("button", { name: "As a table" }).click();
    expect(await page.getByRole("row").count()).toBe(25);
  });

  it("is a sheet where the screen is narrow", async () => {
    await open(NARROW);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(NARROW.width);
    await page.getByRole("button", { name: "Activity and the last day" }).click();
    const sheet = page.getByRole("dialog", { name: "Lately" });
    await sheet.getByRole("tab", { name: "Activity" }).waitFor();
    await page.keyboard.press("Escape");
    await sheet.waitFor({ state: "detached" });
  });
});

it("a page without network says so, and is live again with it", async () => {
  await context.setOffline(true);
  await page.locator('[data-fresh="false"][data-connection-status="offline"]').waitFor();
  await page.getByText("This is not live.").waitFor();
  await page.getByRole("button", { name: /you are offline/ }).click();
  await page.getByRole("dialog").getByText("not known from here").waitFor();
  await context.setOffline(false);
  await page.locator('[data-fresh="true"]').waitFor();
  await page.getByText("This is not live.").waitFor({ state: "detached" });
});

describe.each(["light", "dark"] as const)(
  "nothing serious is wrong for assistive technology, %s",
  (scheme) => {
    it.each([
      ["wide", WIDE],
      ["narrow", NARROW],
    ] as const)("%s", async (_name, viewport) => {
      await open(viewport, scheme);
      expect(await findings()).toEqual([]);
      await page.locator("[data-room-id] [data-opens=room]").first().click();
      await page.getByRole("dialog").waitFor();
      expect(await findings()).toEqual([]);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      if (viewport === NARROW) await page.getByRole("button", { name: "Activity and the last day" }).click();
      await page.getByRole("tab", { name: "Last 24 hours" }).last().click();
      await page.getByRole("slider").last().waitFor();
      expect(await findings()).toEqual([]);
    });
  },
);

/** What axe calls serious or critical, as "rule: element". */
async function findings(): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return await page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { readonly axe: typeof axe }).axe.run({
      resultTypes: ["violations"],
    });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
      );
  });
}
