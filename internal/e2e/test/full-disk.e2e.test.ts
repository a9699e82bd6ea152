/** A hub whose disk fills up under it, as its probes tell it; the disk is a real one, where this machine lets one be made. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SmallDisk } from "@guildwire/chaos";
import { expect, it, onTestFinished } from "vitest";
import { RunningStack } from "./running-stack.ts";

it("is unhealthy as long as nothing can be stored, lives meanwhile, and finds out when there is room", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "guildwire-full-disk-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const disk = SmallDisk.mount(folder, 8);
  if (disk === undefined) context.skip("mounting is not allowed here");
  // After the hub has ended, which writes a last time.
  onTestFinished(() => disk?.[Symbol.dispose]());
  await using stack = await RunningStack.start({ rate: 40 }, { hub: { DATA_DIR: folder } });
  const probe = async (path: string) => await fetch(`${stack.pageUrl}api/${path}`);
  /** The world goes on, and with it the deliveries that this waits for. */
  const until = async (status: number) => {
    for (;;) {
      const answer = await probe("health");
      if (answer.status === status) return (await answer.json()) as Record<string, unknown>;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };

  await until(200);
  disk?.fill();
  expect(await until(503)).toMatchObject({ state: "failing", store: "failing", errorCode: "E009" });
  expect((await probe("ready")).status).toBe(503);
  expect((await probe("live")).status).toBe(200);
  expect((await fetch(stack.pageUrl)).status).toBe(200);
  disk?.release();
  expect(await until(200)).toMatchObject({ store: "ok" });
  expect((await probe("ready")).status).toBe(200);
  const hub = stack.output.filter((line) => line.startsWith("hub: "));
  expect(hub.filter((line) => line.includes('"store_recovered"')).length).toBeGreaterThan(0);
});
