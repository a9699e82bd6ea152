/** The receiver in one screen of `docs/events.md`, run as it stands there. */
import { spawn } from "node:child_process";
import { createSecretKey, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { readSecrets } from "@guildwire/events";
import { describe, expect, it, onTestFinished } from "vitest";
import { receiverChecks } from "../src/testing/index.ts";

const PACKAGE = join(import.meta.dirname, "..");
const PAGE = join(PACKAGE, "../../docs/events.md");
const LISTENS = ".listen(process.env.PORT ?? 4000);";

/** What the page says of itself that it leaves out: parts, epochs that were left, and bounds. */
const LEFT_OUT = /parts of a large snapshot|a log that it has left|no delivery|too large/;

async function start(secret: string): Promise<string> {
  const code = /```js\n([\s\S]*?)```/.exec(readFileSync(PAGE, "utf8"))?.[1] ?? "";
  expect(code).toContain(LISTENS);
  const folder = mkdtempSync(join(tmpdir(), "guildwire-documented-"));
  symlinkSync(join(PACKAGE, "node_modules"), join(folder, "node_modules"));
  const sayPort = ".listen(0, function () { console.error(this.address().port); });";
  writeFileSync(join(folder, "receiver.mjs"), code.replace(LISTENS, sayPort));
  const child = spawn(process.execPath, [join(folder, "receiver.mjs")], {
    env: { ...process.env, HUB_SECRET: secret },
    stdio: ["ignore", "ignore", "pipe"],
  });
  onTestFinished(async () => {
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
    rmSync(folder, { recursive: true, force: true });
  });
  const [port] = (await once(createInterface({ input: child.stderr }), "line")) as [string];
  return `http://localhost:${port}/`;
}

describe("the receiver in docs/events.md", () => {
  const secret = `whsec_${randomBytes(32).toString("base64")}`;
  const checks = receiverChecks(createSecretKey(randomBytes(32)));

  it.each(checks.filter(({ title }) => !LEFT_OUT.test(title)))("$title", async ({ run }) => {
    const read = readSecrets(secret);
    if (!read.ok) throw new Error(read.problem);
    const receiver = { url: await start(secret), keys: read.keys, source: "900000000000000009" };
    await expect(run(receiver)).resolves.toBeUndefined();
  });
});
