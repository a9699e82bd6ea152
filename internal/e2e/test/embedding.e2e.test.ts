/** Every kind of page that a user may have shows the rooms, live: isolated, sandboxed, optimised, opened from a file. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, FrameLocator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "./chromium.ts";
import { RunningStack } from "./running-stack.ts";
import { Site, type SitePage } from "./site.ts";

let stack: RunningStack;
let browser: Browser;
let guildId: string;
let roomId: string;

beforeAll(async () => {
  [stack, browser] = await Promise.all([RunningStack.start(), launchChromium()]);
  await stack.pause();
  for (;;) {
    const found = /voice\/(\d+)\/public/.exec(await (await fetch(stack.pageUrl)).text())?.[1];
    if (found === undefined) continue;
    guildId = found;
    break;
  }
  const [fullest] = Object.entries(await stack.places()).toSorted(([, a], [, b]) => b.length - a.length);
  roomId = String(fullest?.[0]);
});

afterAll(async () => {
  await browser?.close();
  await stack?.[Symbol.asyncDispose]();
});

const embed = () => `<iframe src="${stack.pageUrl}embed/${guildId}"`;
const widget = (attributes = "") =>
  `<script src="${stack.pageUrl}widget.js" data-guild="${guildId}" ${attributes}></script>`;

/** Opens one page of a site and gives it to the test. */
async function onSite(page: SitePage, test: (page: Page) => Promise<void>): Promise<void> {
  await using site = await Site.start({ "/": page });
  const context = await browser.newContext({ viewport: { width: 800, height: 600 } });
  try {
    const opened = await context.newPage();
    await opened.goto(site.url("/"));
    await test(opened);
  } finally {
    await context.close();
  }
}

/** The frame's page took over and follows the hub: what it shows is true now. */
async function untilLive(frame: FrameLocator): Promise<void> {
  await frame.locator('.embed[data-connection-status="live"][data-fresh="true"]').waitFor();
}

const isolated = (policy: string) => ({
  "cross-origin-embedder-policy": policy,
  "cross-origin-opener-policy": "same-origin",
});

describe.each(["require-corp", "credentialless"])("a site that is cross-origin isolated by %s", (policy) => {
  it("shows a frame, live", async () => {
    await onSite({ headers: isolated(policy), body: `${embed()}></iframe>` }, async (page) => {
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
      await untilLive(page.frameLocator("iframe"));
    });
  });

  it("runs the widget's script", async () => {
    await onSite({ headers: isolated(policy), body: widget() }, async (page) => {
      await untilLive(page.frameLocator("iframe"));
    });
  });

  it("shows an overlay with people, and a card", async () => {
    const body = `<iframe src="${stack.pageUrl}overlay/${guildId}/${roomId}"></iframe><img src="${stack.pageUrl}card/${guildId}.svg" alt="">`;
    await onSite({ headers: isolated(policy), body }, async (page) => {
      await page
        .frameLocator("iframe")
        .locator('.overlay[data-fresh="true"] [data-user-id]')
        .first()
        .waitFor();
      await page.waitForFunction(() => (document.images[0]?.naturalWidth ?? 0) > 0);
    });
  });
});

describe("a sandboxed frame", () => {
  it("that may run scripts is live", async () => {
    await onSite({ body: `${embed()} sandbox="allow-scripts"></iframe>` }, async (page) => {
      await untilLive(page.frameLocator("iframe"));
    });
  });

  it("shows an overlay, live", async () => {
    const body = `<iframe sandbox="allow-scripts" src="${stack.pageUrl}overlay/${guildId}/${roomId}"></iframe>`;
    await onSite({ body }, async (page) => {
      await page
        .frameLocator("iframe")
        .locator('.overlay[data-fresh="true"] [data-user-id]')
        .first()
        .waitFor();
    });
  });

  it("that may run no scripts says that what it shows does not change", async () => {
    await onSite({ body: `${embed()} sandbox></iframe>` }, async (page) => {
      const frame = page.frameLocator("iframe");
      await frame.locator("noscript .embed-problem").waitFor();
      expect(await frame.locator("[data-user-id]").count()).toBeGreaterThan(0);
      expect(await frame.locator(".embed-freshness").isVisible()).toBe(false);
    });
  });

  it("with the widget's script in it shows the rooms in their height", async () => {
    const inside = widget().replaceAll('"', "&quot;");
    await onSite({ body: `<iframe sandbox="allow-scripts" srcdoc="${inside}"></iframe>` }, async (page) => {
      const outer = page.frameLocator("iframe");
      await untilLive(outer.frameLocator("iframe"));
      await outer.locator("iframe").evaluate(async (frame: HTMLIFrameElement) => {
        while (frame.offsetHeight === 160) await new Promise(requestAnimationFrame);
      });
    });
  });
});

describe("a page without an origin", () => {
  it("that was opened from a file shows the widget", async () => {
    const directory = mkdtempSync(join(tmpdir(), "guildwire-page-"));
    const page = await browser.newPage();
    try {
      const file = join(directory, "page.html");
      writeFileSync(file, `<!doctype html><title>A file</title><body>${widget()}`);
      await page.goto(pathToFileURL(file).href);
      await untilLive(page.frameLocator("iframe"));
    } finally {
      await page.close();
      rmSync(directory, { recursive: true });
    }
  });
});

describe("the widget's script", () => {
  const twice = (page: Page) =>
    Promise.all([
      untilLive(page.frameLocator("iframe >> nth=0")),
      untilLive(page.frameLocator("iframe >> nth=1")),
    ]);

  it("works as a module, once for each place it stands in", async () => {
    const body = `${widget('type="module"')}<hr>${widget('type="module" data-theme="dark"')}`;
    await onSite({ body }, async (page) => {
      await twice(page);
      expect(await page.locator("iframe").count()).toBe(2);
      expect(await page.locator("script + iframe").count()).toBe(2);
    });
  });

  it("works where an optimiser runs it late and in its own name", async () => {
    const body = widget('type="text/optimised"').replace(" src=", " data-src=");
    const run = `<script>addEventListener("load", () => {
      const { src, dataset } = document.querySelector("script[data-guild]");
      const run = document.createElement("script");
      run.src = dataset.src;
      document.head.append(run);
    });</script>`;
    await onSite({ body: `${body}${run}` }, async (page) => {
      await untilLive(page.frameLocator("script + iframe"));
    });
  });

  it("works inside another script when data-hub names the hub", async () => {
    const code = await (await fetch(`${stack.pageUrl}widget.js`)).text();
    const body = `<script data-guild="${guildId}" data-hub="${stack.pageUrl}" type="text/moved"></script><script type="module">${code}</script>`;
    await onSite({ body }, async (page) => {
      await untilLive(page.frameLocator("iframe"));
    });
  });

  it("shows the frame in the page when it stands in the head", async () => {
    await onSite({ head: widget(), body: "<p>Text</p>" }, async (page) => {
      await untilLive(page.frameLocator("body > p + iframe"));
    });
  });

  it("names the directive when the page's policy keeps the frame out", async () => {
    const origin = new URL(stack.pageUrl).origin;
    const headers = { "content-security-policy": `script-src ${origin}; frame-src 'none'` };
    await onSite({ headers, body: widget() }, async (page) => {
      await page.getByText(`needs frame-src ${origin}`).waitFor();
      expect(await page.locator("iframe").isVisible()).toBe(false);
    });
  });

  it("says what is missing when no server is named", async () => {
    await onSite({ body: `<script src="${stack.pageUrl}widget.js"></script>` }, async (page) => {
      await page.getByText("the script needs data-guild").waitFor();
    });
  });
});

describe("another site's sandboxed frame", () => {
  it("may not open the hub's socket without the pass of a page of the hub", async () => {
    const ws = stack.pageUrl.replace("http", "ws");
    const code = `<script>
      const socket = new WebSocket("${ws}ws", "hub.v1");
      socket.onopen = () => document.body.append("opened");
      socket.onclose = () => document.body.append("refused");
    </script>`.replaceAll('"', "&quot;");
    await onSite(
      { body: `<iframe sandbox="allow-scripts" srcdoc="<body>${code}"></iframe>` },
      async (page) => {
        await page.frameLocator("iframe").getByText("refused").waitFor();
        expect(await page.frameLocator("iframe").getByText("opened").count()).toBe(0);
      },
    );
  });
});
