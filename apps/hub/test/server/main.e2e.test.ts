/** The built process: `turbo run build` comes first. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readExposition } from "@guildwire/runtime/testing";
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

function startProcess(
  environment: Readonly<Record<string, string>>,
  words: readonly string[] = [],
): HubProcess {
  const child = spawn(process.execPath, [MAIN, ...words], {
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

function openFilesOf({ child }: HubProcess): readonly string[] {
  const directory = `/proc/${child.pid}/fd`;
  return readdirSync(directory).flatMap((fd) => {
    try {
      return [readlinkSync(join(directory, fd))];
    } catch {
      // Closed since.
      return [];
    }
  });
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
    const metrics = readExposition(await (await fetch(`http://${base}/api/metrics`)).text());
    expect(metrics.get("process_resident_memory_bytes")?.samples[0]?.value).toBeGreaterThan(1e7);
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

  // An open one ends the process when it is collected.
  it.runIf(process.platform === "linux")("keeps no file open that it has sent", async () => {
    const hub = startProcess({ HUB_SECRET, PORT: "0" });
    const port = await startedOn(hub);
    for (let count = 0; count < 60; count += 1) {
      const socket = connect(port, "127.0.0.1");
      const asked = count % 2 === 0 ? "identity" : "gzip";
      socket.write(`GET /favicon.svg HTTP/1.1\r\nHost: hub\r\nAccept-Encoding: ${asked}\r\n\r\n`);
      // Gone before it is answered, in the middle of that, and after it.
      if (count % 3 > 0) await once(socket, "connect");
      if (count % 3 > 1) await once(socket, "data");
      socket.resetAndDestroy();
      await once(socket, "close");
    }
    await expect.poll(() => openFilesOf(hub).filter((path) => path.endsWith("/favicon.svg"))).toEqual([]);
  });

  it("reports every mistake of its environment without a stack trace, and ends with 78", async () => {
    const hub = startProcess({ PORT: "high", LOG_LEVEL: "loud" });
    expect(await hub.exited).toBe(78);
    expect(hub.output()).toContain("guildwire-hub: E011 configuration invalid: 3 mistakes\n");
    for (const name of ["PORT", "HUB_SECRET", "LOG_LEVEL"]) expect(hub.output()).toContain(`  ${name} `);
    expect(hub.output()).not.toMatch(/\bat .*:\d+:\d+/);
  });

  it("ends with 78 and a code when its log cannot be written", async () => {
    const hub = startProcess({ HUB_SECRET, LOG_FILE: "/dev/null/hub.log" });
    expect(await hub.exited).toBe(78);
    expect(hub.output()).toMatch(/E011 .*\n {2}LOG_FILE cannot be written/);
  });

  it("says what to do when its port is taken, and ends with 78", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" ? String(address?.port) : "";
    const hub = startProcess({ HUB_SECRET, PORT: port });
    expect(await hub.exited).toBe(78);
    expect(recordOf(hub, "fatal")).toMatchObject({
      level: "fatal",
      errorCode: "E017",
      exitCode: 78,
      msg: expect.stringContaining(`E017 PORT ${port} of HOST 127.0.0.1 is taken by another process`),
    });
    other.close();
  });

  it("has its log in a file besides, from its first record to its last", async () => {
    const file = join(temporaryDirectory(), "logs", "hub.log");
    const hub = startProcess({ HUB_SECRET, PORT: "0", LOG_FILE: file, HUB_CONNECTION_MAX: "1" });
    await startedOn(hub);
    hub.child.kill("SIGTERM");
    expect(await hub.exited).toBe(0);
    expect(readFileSync(file, "utf8")).toBe(hub.output());
    const [first, ...others] = hub.output().trim().split("\n");
    expect(first).toContain('"event":"config_advice"');
    expect(others.at(-1)).toContain('"event":"hub_stopped","inTime":true,"exitCode":0');
  });

  it("is told of by its status command, in full to whoever has the secret", async () => {
    const hub = startProcess({ HUB_SECRET, PORT: "0" });
    const port = String(await startedOn(hub));
    const told = startProcess({ HUB_SECRET, PORT: port }, ["status"]);
    expect(await told.exited).toBe(0);
    expect(told.output()).toMatch(/^ {2}status +ok\n/);
    expect(told.output()).toMatch(/^ {4}diskFreeBytes +[\d.]+ MiB$/m);
    const stranger = startProcess({ PORT: port }, ["status"]);
    expect(await stranger.exited).toBe(0);
    expect(stranger.output()).toMatch(/store +ok\n.*HUB_SECRET is not set here/);
    const other = startProcess({ HUB_SECRET: "x-another-secret-of-32-characters-or-more", PORT: port }, [
      "status",
    ]);
    expect(await other.exited).toBe(78);
    hub.child.kill("SIGKILL");
    await hub.exited;
    const nobody = startProcess({ HUB_SECRET, PORT: port }, ["status"]);
    expect(await nobody.exited).toBe(75);
  });
});

describe("a hub that is told to stop", () => {
  async function withHalfADelivery(): Promise<HubProcess> {
    const hub = startProcess({ HUB_SECRET, PORT: "0" });
    const port = await startedOn(hub);
    const slow = connect(port, "127.0.0.1");
    slow.on("error", () => {});
    slow.write("POST /api/internal/events HTTP/1.1\r\nhost: hub\r\ncontent-length: 9\r\n\r\n{");
    // A later request shows that the first half has arrived.
    await fetch(`http://127.0.0.1:${port}/api/live`);
    return hub;
  }

  it("does not claim that all is well when it had to cut requests off", async () => {
    const hub = await withHalfADelivery();
    hub.child.kill("SIGTERM");
    expect(await hub.exited).toBe(75);
    expect(recordOf(hub, "hub_stopped")).toMatchObject({ level: "error", inTime: false, exitCode: 75 });
  });

  it("ends at once when it is told twice", async () => {
    const hub = await withHalfADelivery();
    hub.child.kill("SIGTERM");
    while (!hub.output().includes("hub_stopping")) await once(hub.child.stdout ?? hub.child, "data");
    hub.child.kill("SIGTERM");
    expect(await hub.exited).toBe(75);
    expect(hub.output()).not.toContain("hub_stopped");
  });
});

describe("a hub that cannot go on", () => {
  it("is killed with E024 when its event loop does not turn", async () => {
    const hub = startProcess({
      HUB_SECRET,
      PORT: "0",
      LOOP_BLOCKED_S_MAX: "2",
      NODE_OPTIONS: onUsr2("for(;;);"),
    });
    await startedOn(hub);
    hub.child.kill("SIGUSR2");
    await hub.exited;
    expect(hub.child.signalCode).toBe("SIGKILL");
    expect(recordOf(hub, "process_stuck")).toMatchObject({
      app: "guildwire-hub",
      errorCode: "E024",
      blockedS: 2,
    });
  });

  it("says bye and ends with 70 and E005 for what nobody expected", async () => {
    const hub = startProcess({ HUB_SECRET, PORT: "0", NODE_OPTIONS: onUsr2("throw new Error('a bug')") });
    const socket = new WebSocket(`ws://127.0.0.1:${await startedOn(hub)}/ws`, "hub.v1");
    await once(socket, "open");
    const closed = once(socket, "close");
    hub.child.kill("SIGUSR2");
    expect((await closed)[0]).toBe(4100);
    expect(await hub.exited).toBe(70);
    expect(recordOf(hub, "fatal")).toMatchObject({
      errorCode: "E005",
      msg: expect.stringContaining("a bug"),
    });
  });
});

/** Code that the process runs when it is sent SIGUSR2. */
function onUsr2(code: string): string {
  const script = `process.on('SIGUSR2',()=>{${code}})`;
  return `--import=data:text/javascript,${encodeURIComponent(script)}`;
}

function recordOf(hub: HubProcess, event: string): Readonly<Record<string, unknown>> {
  const line = hub
    .output()
    .split("\n")
    .find((one) => one.includes(`"event":"${event}"`));
  if (line === undefined) throw new Error(`no ${event} in ${hub.output()}`);
  return JSON.parse(line) as Record<string, unknown>;
}
