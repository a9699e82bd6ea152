/** `pnpm demo` as a person sees it: what it prints, where it listens, and how fast it ends. `turbo run build` comes first. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { expect, it, onTestFinished } from "vitest";

const DEMO = fileURLToPath(new URL("../src/demo.ts", import.meta.url));

function startDemo() {
  const child = spawn(process.execPath, [DEMO], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGTERM"));
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      output += stripVTControlCharacters(chunk.toString());
    });
  const until = (text: string | RegExp) =>
    expect.poll(() => output, { timeout: 30_000, interval: 20 }).toMatch(text);
  return { child, output: () => output, until };
}

/** Whether a connection to that loopback address is accepted. */
async function accepts(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  const outcome = await once(socket, "connect").then(
    () => true,
    () => false,
  );
  socket.destroy();
  return outcome;
}

it("prints the process ids, listens on loopback alone, says what a death does, and ends within 3 s while deliveries fail", async () => {
  const { child, output, until } = startDemo();
  await until("Ctrl-C ends it");
  const pids = Object.fromEntries(
    [...output().matchAll(/kill -9 (\d+)\s+(\w+)/g)].map(([, pid, name]) => [name, Number(pid)]),
  );
  expect(Object.keys(pids).toSorted()).toEqual(["hub", "sim", "worker"]);

  const portOf = (name: string, usual: number) =>
    Number(new RegExp(`the ${name} takes (\\d+) instead`).exec(output())?.[1] ?? usual);
  for (const port of [portOf("hub", 3_000), portOf("worker", 3_001), portOf("sim", 4_400)]) {
    expect(await accepts("127.0.0.1", port)).toBe(true);
    // Also of this machine; who listens on every address answers here as well.
    expect(await accepts("127.0.0.2", port)).toBe(false);
  }

  process.kill(pids["hub"] ?? Number.NaN, "SIGKILL");
  await until(`process ${pids["hub"]} died (SIGKILL), starting again in 5 s`);
  await until("the page says that it is reconnecting");

  await expect
    .poll(async () => {
      const { delivery } = (await (
        await fetch(`http://127.0.0.1:${portOf("worker", 3_001)}/health`)
      ).json()) as {
        readonly delivery: { readonly failuresInARow: number };
      };
      return delivery.failuresInARow;
    })
    .toBeGreaterThan(0);
  const exited = once(child, "exit");
  const startedAtMs = performance.now();
  child.kill("SIGINT");
  expect(await exited).toEqual([0, null]);
  expect(performance.now() - startedAtMs).toBeLessThan(3_000);
});
