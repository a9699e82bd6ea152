import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { createDiscordSim } from "../src/discord-sim.ts";

const CLI = fileURLToPath(new URL("../src/cli.ts", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the CLI; `onOutput` sees what it has printed so far and may send it a signal. */
async function runCli(
  args: readonly string[],
  onOutput: (out: string, kill: (signal: NodeJS.Signals) => void) => void = () => undefined,
): Promise<Ended> {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString();
    onOutput(out, (signal) => child.kill(signal));
  });
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk.toString();
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, out, err };
}

// A process of its own takes a while to start on a busy machine.
describe("the process", { timeout: 30_000 }, () => {
  it.each(["SIGTERM", "SIGINT"] as const)("says how to use it, and ends with 0 on %s", async (signal) => {
    const { code, out } = await runCli(["--port", "0", "--seed", "3"], (text, kill) => {
      if (text.includes("PRIMARY_GUILD_ID")) kill(signal);
    });
    expect(code).toBe(0);
    expect(out).toMatch(/^DISCORD_API_URL=http:\/\/127\.0\.0\.1:\d+\/api\/v10$/m);
    expect(out).toMatch(/^DISCORD_BOT_TOKEN=\S+\.sim\.not-a-real-discord-bot-token$/m);
    expect(out).toMatch(/^PRIMARY_GUILD_ID=\d+$/m);
  });

  it("says it in one line of JSON when asked to", async () => {
    const { out } = await runCli(["--port", "0", "--json"], (_, kill) => kill("SIGTERM"));
    expect(JSON.parse(out)).toMatchObject({ env: { PRIMARY_GUILD_ID: "900000000000000001" } });
  });

  it("ends with 2 and names the flag when called wrongly", async () => {
    expect(await runCli(["--people=-3"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("--people must be a whole number"),
    });
  });

  it("ends with 1 when the port is taken", async () => {
    await using sim = await createDiscordSim({ rate: 0 });
    expect(await runCli(["--port", String(sim.port)])).toMatchObject({
      code: 1,
      err: expect.stringContaining(`port ${sim.port}`),
    });
  });
});
