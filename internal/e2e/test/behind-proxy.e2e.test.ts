/** The page in a real browser behind proxies that change what they pass: upgrades, the Host, the path. */

import { type ProxyOptions, RefusingProxy } from "@guildwire/runtime/testing";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "./chromium.ts";
import { LivePage } from "./live-page.ts";
import { RunningStack } from "./running-stack.ts";

let stack: RunningStack;
let browser: Browser;

beforeAll(async () => {
  [stack, browser] = await Promise.all([RunningStack.start(), launchChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await stack?.[Symbol.asyncDispose]();
});

async function behind(
  options: ProxyOptions,
  test: (page: Page, url: string, proxy: RefusingProxy) => Promise<void>,
): Promise<void> {
  await using proxy = await RefusingProxy.start(stack.ports.hub, options);
  const context = await browser.newContext({ viewport: { width: 900, height: 700 } });
  try {
    await test(await context.newPage(), `http://127.0.0.1:${proxy.port}${options.prefix ?? ""}/`, proxy);
  } finally {
    await context.close();
  }
}

const saysLive = async (page: Page) =>
  await page
    .getByText(/^live( ·|$)/)
    .first()
    .waitFor({ timeout: 20_000 });

describe("the page behind a proxy", () => {
  it("that refuses upgrades is live over the event stream, and again when it is cut", async () => {
    await behind({}, async (page, url, proxy) => {
      const live = new LivePage(page);
      await live.open(url);
      await saysLive(page);
      expect(proxy.upgrades).toBe(2);
      await page.waitForFunction(() => /live · \d/.test(document.body.textContent ?? ""), undefined, {
        timeout: 20_000,
      });
      proxy.cut();
      await saysLive(page);
      expect(await live.wasReloaded()).toBe(false);
    });
  });

  it("that passes another Host is live, and the console names HUB_ALLOWED_ORIGINS", async () => {
    await behind({ host: "inner.example", passesUpgrades: true }, async (page, url) => {
      const errors: string[] = [];
      page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
      await page.goto(url);
      await saysLive(page);
      expect(errors.join("\n")).toMatch(/inner\.example.*HUB_ALLOWED_ORIGINS/);
    });
  });

  it("that takes a path off says that the hub needs a host name of its own", async () => {
    await behind({ prefix: "/voice" }, async (page, url) => {
      await page.goto(url);
      await page.getByText("reached below /voice/, and needs a host name of its own").waitFor();
    });
  });

  it("that takes no path off says nothing of it", async () => {
    await behind({ passesUpgrades: true }, async (page, url) => {
      await page.goto(url);
      await saysLive(page);
      expect(await page.getByText("needs a host name of its own").count()).toBe(0);
    });
  });
});
