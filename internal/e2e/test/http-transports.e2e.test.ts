/** The rooms where they are not at home: on somebody else's page, over a stream, as a picture, as events. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "./chromium.ts";
import { OtherPage } from "./other-page.ts";
import { type Places, RunningStack } from "./running-stack.ts";

const SOON_MS = 30_000;
const QUIET_ROOM = "830000000000000002";

const BY_DAY = { backgroundColor: "rgb(255, 253, 248)", color: "rgb(26, 36, 33)" };
const BY_NIGHT_ON_NOTHING = { backgroundColor: "rgba(0, 0, 0, 0)", color: "rgb(232, 240, 236)" };

let other: OtherPage;
let stack: RunningStack;
let browser: Browser;
let guildId: string;
const complaints: string[] = [];

beforeAll(async () => {
  other = await OtherPage.start();
  const env = { hub: { HUB_ALLOWED_ORIGINS: other.origin } };
  [stack, browser] = await Promise.all([RunningStack.start({}, env), launchChromium()]);
  await stack.pause();
  await stack.command({ type: "createChannel", kind: "voice", name: "Quiet room", id: QUIET_ROOM });
  const { body } = await untilHubKnows((html) => /voice\/(\d+)\/public/.exec(html)?.[1]);
  guildId = body;
});

afterAll(async () => {
  await browser?.close();
  await stack?.[Symbol.asyncDispose]();
  await other?.[Symbol.asyncDispose]();
});

/** Asks the hub's page until it says what is looked for: the worker's first delivery may be on its way. */
async function untilHubKnows(find: (html: string) => string | undefined): Promise<{ readonly body: string }> {
  for (;;) {
    const body = find(await (await fetch(stack.pageUrl)).text());
    if (body !== undefined) return { body };
  }
}

async function openPage(): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 800, height: 600 } });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (/Content Security Policy/i.test(message.text())) complaints.push(message.text());
  });
  return page;
}

/** Someone in the fullest room, and another room. */
async function somebody(): Promise<{ readonly userId: string; readonly from: string; readonly to: string }> {
  const places: Places = await stack.places();
  const [from, ...others] = Object.entries(places).toSorted(([, a], [, b]) => b.length - a.length);
  const to = others.find(([id]) => id !== QUIET_ROOM);
  return { userId: String(from?.[1][0]), from: String(from?.[0]), to: String(to?.[0]) };
}

const move = (userId: string, channelId: string) => stack.command({ type: "move", userId, channelId });

describe("the widget", () => {
  it("stands twice on a page of another origin, in the height of what it shows, and shows a move live", async () => {
    const { userId, to } = await somebody();
    const script = `<script src="${stack.pageUrl}widget.js" data-guild="${guildId}"`;
    other.holds(
      `${script}></script>${script} data-rooms="${QUIET_ROOM}" data-background="none" data-theme="dark"></script>`,
      stack.pageUrl,
    );
    const page = await openPage();
    await page.goto(other.origin);
    const whole = page.frameLocator("iframe >> nth=0");
    const quiet = page.frameLocator("iframe >> nth=1");
    await whole.locator('.embed[data-fresh="true"]').waitFor();
    await quiet.locator('.embed[data-fresh="true"]').getByText("1 room is empty").waitFor();

    await move(userId, to);
    await whole.locator(`[data-room-id="${to}"] [data-user-id="${userId}"]`).waitFor();
    await page.waitForFunction(
      () => {
        const heights = [...document.querySelectorAll("iframe")].map((frame) => frame.offsetHeight);
        return heights.length === 2 && heights[0] !== 160 && heights[1] !== 160;
      },
      undefined,
      { timeout: SOON_MS },
    );
    const frames = page.frames().filter((frame) => frame.url().includes("/embed/"));
    for (const frame of frames) {
      expect(await frame.evaluate(() => document.documentElement.scrollHeight - window.innerHeight)).toBe(0);
    }
    const look = (frame: (typeof frames)[number] | undefined) =>
      frame?.evaluate(() => {
        const { backgroundColor, color } = getComputedStyle(
          document.querySelector(".embed") ?? document.body,
        );
        return { backgroundColor, color };
      });
    expect(await look(frames.find((frame) => !frame.url().includes("?")))).toEqual(BY_DAY);
    expect(await look(frames.find((frame) => frame.url().includes("?")))).toEqual(BY_NIGHT_ON_NOTHING);
    await page.close();
  });
});

describe("an event stream in a browser", () => {
  it("is read by a page of an allowed origin, and goes on after the hub was killed", async () => {
    other.holds("", stack.pageUrl);
    const page = await openPage();
    await page.goto(other.origin);
    const topic = `voice/${guildId}/public`;
    await page.evaluate((url) => {
      const seen = { names: [] as string[], rooms: {} as Record<string, string> };
      Object.assign(window, { seen });
      const events = new EventSource(url);
      events.addEventListener("snap", ({ data }: MessageEvent<string>) => {
        seen.names.push("snap");
        for (const [key, value] of JSON.parse(data).s) seen.rooms[key] = value.room;
      });
      events.addEventListener("d", ({ data }: MessageEvent<string>) => {
        seen.names.push("d");
        for (const [op, key, value] of JSON.parse(data).ops) if (op === "s") seen.rooms[key] = value.room;
      });
    }, `${stack.pageUrl}api/rt/v1/sse?topic=${topic}`);
    const sees = (userId: string, roomId: string) =>
      page.waitForFunction(
        ([key, room]) => {
          const { seen } = window as unknown as { readonly seen: { rooms: Record<string, string> } };
          return seen.rooms[String(key)] === room;
        },
        [`u:${userId}`, roomId],
        { timeout: SOON_MS },
      );

    const { userId, from, to } = await somebody();
    await sees(userId, from);
    await move(userId, to);
    await sees(userId, to);
    await stack.killAndAwait("hub");
    await move(userId, from);
    await sees(userId, from);
    const names = await page.evaluate(() => (window as unknown as { seen: { names: string[] } }).seen.names);
    expect(names.filter((name) => name === "snap")).toHaveLength(1);
    await page.close();
  });

  it("is not read by a page of any other origin", async () => {
    const stranger = await OtherPage.start();
    stranger.holds("", stack.pageUrl);
    const page = await openPage();
    await page.goto(stranger.origin);
    const outcome = await page.evaluate(
      async (url) =>
        await fetch(url).then(
          () => "read",
          () => "refused",
        ),
      `${stack.pageUrl}api/rt/v1/topics/voice/${guildId}/public`,
    );
    expect(outcome).toBe("refused");
    await page.close();
    await stranger[Symbol.asyncDispose]();
  });
});

describe("the overlay", () => {
  it("lets the video through, shows who is in the room, and nothing when nobody is", async () => {
    const page = await openPage();
    await page.goto(`${stack.pageUrl}overlay/${guildId}/${QUIET_ROOM}?size=l`);
    await page.locator('.overlay[data-fresh="true"]').waitFor();
    expect(await opaquePixels(page)).toBe(0);

    const { userId, from } = await somebody();
    await move(userId, QUIET_ROOM);
    await page.locator(`.overlay [data-user-id="${userId}"]`).waitFor();
    expect(await opaquePixels(page)).toBeGreaterThan(500);
    await move(userId, from);
    await page.locator(`.overlay [data-user-id="${userId}"]`).waitFor({ state: "detached" });
    expect(await opaquePixels(page)).toBe(0);
    await page.close();
  });

  it("pales when it can no longer be true, and is itself again when it is", async () => {
    const page = await openPage();
    const { from } = await somebody();
    await page.goto(`${stack.pageUrl}overlay/${guildId}/${from}`);
    const people = page.locator('.overlay[data-fresh="true"] .overlay-people');
    await people.waitFor();
    await page.context().setOffline(true);
    await page.waitForFunction(
      () =>
        Number(getComputedStyle(document.querySelector(".overlay-people") ?? document.body).opacity) < 0.5,
      undefined,
      { timeout: SOON_MS },
    );
    await page.context().setOffline(false);
    await people.waitFor();
    expect(await people.evaluate((element) => getComputedStyle(element).opacity)).toBe("1");
    await page.close();
  });
});

describe("a card", () => {
  const card = async (query = "") => {
    const answer = await fetch(`${stack.pageUrl}card/${guildId}.svg?rooms=20${query}`);
    return { tag: answer.headers.get("etag"), svg: await answer.text() };
  };

  it("is an image to a browser, and XML without a fault", async () => {
    other.holds(`<img src="${stack.pageUrl}card/${guildId}.svg?width=500" alt="">`, stack.pageUrl);
    const page = await openPage();
    await page.goto(other.origin, { waitUntil: "load" });
    expect(await page.evaluate(() => document.images[0]?.naturalWidth)).toBe(500);
    await page.goto("about:blank");
    const faults = await page.evaluate(
      (text) => new DOMParser().parseFromString(text, "image/svg+xml").querySelectorAll("parsererror").length,
      (await card()).svg,
    );
    expect(faults).toBe(0);
    await page.close();
  });

  it("is another one after a move", async () => {
    const { userId } = await somebody();
    const before = await card();
    await move(userId, QUIET_ROOM);
    let after = await card();
    while (!after.svg.includes("Quiet room")) after = await card();
    expect(after.tag).not.toBe(before.tag);
    expect(before.svg).not.toContain("Quiet room");
  });
});

it("did all this without an error, and within every content security policy", () => {
  expect(complaints).toEqual([]);
});

/** How much of the page a video under it would not show through. */
async function opaquePixels(page: Page): Promise<number> {
  // What comes and goes does so within a moment.
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished)));
  const picture = (await page.screenshot({ omitBackground: true })).toString("base64");
  return await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    context?.drawImage(bitmap, 0, 0);
    const { data = new Uint8ClampedArray() } = context?.getImageData(0, 0, bitmap.width, bitmap.height) ?? {};
    return data.filter((value, index) => index % 4 === 3 && value > 0).length;
  }, picture);
}
