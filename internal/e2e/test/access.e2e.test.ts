/**
 * A hub that shows strangers less than members, before a real browser: the page gets in by its ticket, a program without
 * one does not, and what the page may do is bounded by its policy.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "./chromium.ts";
import { LivePage } from "./live-page.ts";
import { RunningStack } from "./running-stack.ts";

const folder = mkdtempSync(join(tmpdir(), "guildwire-access-"));
const viewsFile = join(folder, "views.json");

let stack: RunningStack;
let browser: Browser;
let page: Page;
let live: LivePage;
/** Violations of the page's policy, and errors. */
const complaints: string[] = [];

beforeAll(async () => {
  writeFileSync(
    viewsFile,
    JSON.stringify({
      views: { public: { access: "anyone", people: "anonymous" }, members: { access: "ticket" } },
    }),
  );
  const hub = { VIEWS_FILE: viewsFile, HUB_PAGE_VIEW: "members" };
  [stack, browser] = await Promise.all([RunningStack.start({ rate: 4 }, { hub }), launchChromium()]);
  page = await browser.newPage();
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.exposeFunction("complain", (text: string) => complaints.push(text));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile }) => {
      const { complain } = globalThis as unknown as { complain: (text: string) => void };
      complain(`${violatedDirective} ${blockedURI} ${sourceFile}`);
    });
  });
  live = new LivePage(page);
  await live.open(stack.pageUrl);
});

afterAll(async () => {
  await browser?.close();
  await stack?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** The first frames a page at `url` gets for these topics. */
async function framesFor(
  at: Page,
  socketUrl: string,
  topics: readonly string[],
): Promise<readonly unknown[]> {
  return await at.evaluate(
    async ([url, names]) =>
      await new Promise<unknown[]>((resolve) => {
        const frames: unknown[] = [];
        const socket = new WebSocket(url, "hub.v1");
        socket.onopen = () =>
          socket.send(JSON.stringify({ t: "auth", id: 1, v: 1, subs: names.map((topic) => ({ topic })) }));
        socket.onmessage = ({ data }) => {
          const frame = JSON.parse(String(data)) as { t: string };
          frames.push(frame);
          if (frame.t === "err" || frame.t === "snap") socket.close();
        };
        socket.onclose = ({ code }) => resolve([...frames, { t: "closed", code }]);
      }),
    [socketUrl, topics] as const,
  );
}

const socketUrl = () => stack.pageUrl.replace("http", "ws").replace(/\/$/, "/ws");

describe("a page whose view wants a ticket", () => {
  it("gets one from the hub, and shows everybody by name", async () => {
    await stack.pause();
    await live.untilShows(await stack.places());
    await stack.resume();
  });

  it("comes back after the hub was killed, with what happened meanwhile", async () => {
    await stack.killAndAwait("hub");
    await stack.pause();
    await live.untilShows(await stack.places());
    await stack.resume();
  });

  it("is given no ticket when another site asks for it", async () => {
    const calls: string[] = [];
    const other = await browser.newPage();
    other.on("request", (request) => {
      if (request.method() === "POST") calls.push(request.url());
    });
    await other.goto(stack.pageUrl);
    await other.locator("[data-user-id]").first().waitFor();
    await other.waitForFunction(() => document.querySelector('[data-connection-status="live"]') !== null);
    await other.close();
    expect(calls).toHaveLength(1);
    const answer = await fetch(String(calls[0]), {
      method: "POST",
      headers: { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
    });
    expect(answer.status).toBe(403);
  });
});

describe("a script without a ticket", () => {
  it("is refused the members' view and given the public one, without a name in it", async () => {
    const guild = "900000000000000001";
    const refused = await framesFor(page, socketUrl(), [`voice/${guild}/members`]);
    expect(refused).toContainEqual(expect.objectContaining({ t: "err", code: "forbidden" }));
    const given = await framesFor(page, socketUrl(), [`voice/${guild}/public`]);
    const snapshot = given.find((frame) => (frame as { t: string }).t === "snap") as {
      s: readonly (readonly [string, { name?: string }])[];
    };
    const people = snapshot.s.filter(([key]) => key.startsWith("u:"));
    expect(people.length).toBeGreaterThan(3);
    for (const [key, { name }] of people) {
      expect(key).toMatch(/^u:g[0-9a-f]{16}$/);
      expect(name).toMatch(/^Guest [0-9A-F]{4}$/);
    }
  });

  it("is refused the private state under any name", async () => {
    const frames = await framesFor(page, socketUrl(), ["state/900000000000000001"]);
    expect(frames).toContainEqual(expect.objectContaining({ t: "err", code: "unknown_topic" }));
  });

  it("of another site cannot even connect", async () => {
    const elsewhere = createServer((_, response) => response.end("<title>elsewhere</title>"));
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    const { port } = elsewhere.address() as AddressInfo;
    const other = await browser.newPage();
    await other.goto(`http://127.0.0.1:${port}/`);
    expect(await framesFor(other, socketUrl(), [])).toEqual([{ t: "closed", code: 1006 }]);
    await other.close();
    elsewhere.close();
  });
});

describe("the page's policy", () => {
  it("is strict, and the page did all this without breaking it", async () => {
    const answer = await fetch(stack.pageUrl);
    const policy = String(answer.headers.get("content-security-policy"));
    expect(policy).toMatch(/script-src 'self' 'nonce-[A-Za-z0-9+/=]{24}'/);
    expect(policy).not.toContain("unsafe");
    const nonces = (await answer.text()).match(/nonce="[^"]+"/g) ?? [];
    expect(new Set(nonces).size).toBe(1);
    const network = /WebSocket|ERR_CONNECTION|Failed to load resource|net::/;
    expect(complaints.filter((text) => !network.test(text))).toEqual([]);
  });
});
