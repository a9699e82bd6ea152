/** The built process: `turbo run build` comes first. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { temporaryDirectory } from "../temporary-directory.ts";

const MAIN = fileURLToPath(new URL("../../dist/server/main.js", import.meta.url));
const HUB_SECRET = "a-secret-for-tests-only-of-32-characters-or-more";

interface HubProcess {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly exited: Promise<number | null>;
}

const running: ChildProcess[] = [];

afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

function startProcess(environment: Readonly<Record<string, string>>): HubProcess {
  const child = spawn(process.execPath, [MAIN], {
    env: { NODE_ENV: "production", HOST: "127.0.0.1", DATA_DIR: temporaryDirectory(), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  let output = "";
  const keep = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  return {
    child,
    output: () => output,
    exited: once(child, "close").then(([code]) => code as number | null),
  };
}

/** Resolves to the port in the log line of the start. */
async function startedOn(hub: HubProcess): Promise<number> {
  for (;;) {
    const port = /"event":"hub_started","port":(\d+)/.exec(hub.output())?.[1];
    if (port !== undefined) return Number(port);
    const ended = hub.exited.then(() => Promise.reject(new Error(`the hub ended: ${hub.output()}`)));
    await Promise.race([once(hub.child.stdout ?? hub.child, "data"), ended]);
  }
}

describe("the hub's process", () => {
  it("serves page, assets and API, and ends with 0 at SIGTERM after saying bye", async () => {
    const hub = startProcess({ HUB_SECRET, PORT: "0" });
    const base = `127.0.0.1:${await startedOn(hub)}`;
    const page = await fetch(`http://${base}/`);
    expect(page.status).toBe(200);
    const asset = /"(\/assets\/[^"]+)"/.exec(await page.text())?.[1];
    const got = await fetch(`http://${base}${asset}`);
    expect([got.status, got.headers.get("cache-control")]).toEqual([
      200,
      expect.stringContaining("immutable"),
    ]);
    expect((await fetch(`http://${base}/api/health`)).status).toBe(200);
    expect((await fetch(`http://${base}/api/internal/events`)).status).toBe(405);
    expect((await fetch(`http://${base}/assets/../server/main.js`)).status).toBe(404);

    const socket = new WebSocket(`ws://${base}/ws`, "hub.v1");
    await once(socket, "open");
    const closed = once(socket, "close");
    hub.child.kill("SIGTERM");
    expect((await closed)[0]).toBe(4100);
    expect(await hub.exited).toBe(0);
    expect(hub.output().match(/hub_started/g)).toHaveLength(1);
  });

  it("reports every mistake of its environment without a stack trace, and ends with 78", async () => {
    const hub = startProcess({ PORT: "high", LOG_LEVEL: "loud" });
    expect(await hub.exited).toBe(78);
    for (const name of ["PORT", "HUB_SECRET", "LOG_LEVEL"]) expect(hub.output()).toContain(`  ${name} `);
    expect(hub.output()).not.toMatch(/\bat .*:\d+:\d+/);
  });

  it("says what to do when its port is taken, and ends with 1", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" ? String(address?.port) : "";
    const hub = startProcess({ HUB_SECRET, PORT: port });
    expect(await hub.exited).toBe(1);
    expect(hub.output()).toContain(`Port ${port} is taken`);
    other.close();
  });
});
