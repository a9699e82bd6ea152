/** The archives of a release, unpacked in an empty folder: do they run with Node alone, and do they know each other? */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { extract } from "tar";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { choosePort } from "../internal/demo/src/port.ts";
import { REPOSITORY } from "./source-tree.ts";

const folder = mkdtempSync(join(tmpdir(), "guildwire-unpacked-"));
const archives = join(folder, "archives");
const running: ChildProcess[] = [];

beforeAll(async () => {
  execFileSync("npx", ["-y", "pnpm@12", "run", "release", "--out", archives], { cwd: REPOSITORY });
  const names = readdirSync(archives).filter((name) => name.endsWith(".tar.gz"));
  for (const name of names) await extract({ file: join(archives, name), cwd: folder });
});

afterAll(async () => {
  for (const child of running) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

/** Starts what was unpacked, with nothing of this environment but the path to programs; resolves with its first line. */
async function start(product: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const cwd = join(
    folder,
    readdirSync(folder).find((name) => name.startsWith(`${product}-`)) ?? "it was not released",
  );
  mkdirSync(join(cwd, "data"), { recursive: true });
  const child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "pipe", "inherit"] });
  running.push(child);
  const lines = createInterface({ input: child.stdout });
  const [first] = (await once(lines, "line")) as [string];
  return { child, first };
}

async function freePort(): Promise<string> {
  return String((await choosePort(0)).port);
}

/** Asks until the answer is as wanted; each refusal is followed by a moment's wait, as a supervisor does. */
async function until(url: string, isWanted: (body: string, status: number) => boolean): Promise<void> {
  const deadline = AbortSignal.timeout(30_000);
  while (true) {
    deadline.throwIfAborted();
    const answer = await fetch(url).catch(() => undefined);
    if (answer !== undefined && isWanted(await answer.text(), answer.status)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe("a release", () => {
  it("lists every file of it with the right checksum", () => {
    const lines = readFileSync(join(archives, "SHA256SUMS"), "utf8").trimEnd().split("\n");
    const named = lines.map((line) => line.split("  "));
    expect(named.map(([, name]) => name)).toEqual(
      readdirSync(archives)
        .filter((name) => name !== "SHA256SUMS")
        .toSorted(),
    );
    for (const [sum, name] of named) {
      const content = readFileSync(join(archives, name ?? ""));
      expect(createHash("sha256").update(content).digest("hex")).toBe(sum);
    }
  });

  it("names in the worker's bill of materials its four dependencies and no workspace package", () => {
    const name = readdirSync(archives).find((one) => /^guildwire-worker-.*\.cdx\.json$/.test(one));
    const bill = JSON.parse(readFileSync(join(archives, String(name)), "utf8")) as {
      bomFormat: string;
      components: readonly { readonly name: string; readonly group?: string }[];
    };
    expect(bill.bomFormat).toBe("CycloneDX");
    const names = bill.components.map((component) => component.name);
    expect(names).toEqual(expect.arrayContaining(["pino", "undici", "ws", "zod"]));
  });

  it("has the receiver's package, which answers a delivery as it should", async () => {
    const [receiver = "", worker = ""] = ["guildwire-receiver-", "guildwire-worker-"].map((product) =>
      join(folder, String(readdirSync(folder).find((name) => name.startsWith(product)))),
    );
    // Its one dependency, as `npm install` would put it there.
    mkdirSync(join(receiver, "node_modules"));
    symlinkSync(join(worker, "node_modules/zod"), join(receiver, "node_modules/zod"));
    const app = `
      import { createReceiver } from "@guildwire/receiver";
      const store = { load: () => undefined, commit: () => true };
      const receiver = createReceiver({ secrets: "of-this-test-alone-and-long-enough", store });
      console.log((await receiver.take({ headers: {}, body: "{}" })).status);`;
    const said = execFileSync(process.execPath, ["--input-type=module", "--eval", app], { cwd: receiver });
    expect(String(said)).toBe("401\n");
  });

  it("runs with Node alone: simulator, hub and worker, from an empty folder to the page", async () => {
    const sim = await start("guildwire-sim", ["bin/guildwire-sim.js", "--port", "0", "--json"], {});
    const { env } = JSON.parse(sim.first) as { env: Record<string, string> };
    const shared = { ...env, HUB_SECRET: "of-this-test-alone-and-long-enough", NODE_ENV: "production" };
    const [hubPort, workerPort] = [await freePort(), await freePort()];
    await start("guildwire-hub", ["dist/server/main.js"], { ...shared, PORT: hubPort, HOST: "127.0.0.1" });
    const hubUrl = `http://127.0.0.1:${hubPort}`;
    const worker = await start("guildwire-worker", ["dist/main.js"], {
      ...shared,
      PORT: workerPort,
      HUB_ENDPOINT: `${hubUrl}/api/internal/events`,
    });
    await until(`http://127.0.0.1:${workerPort}/ready`, (_, status) => status === 200);
    await until(hubUrl, (body) => body.includes("data-user-id="));

    const ended = once(worker.child, "exit");
    worker.child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  });
});
