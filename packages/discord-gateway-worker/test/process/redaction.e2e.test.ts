/** Everything a worker says while much goes wrong, searched for what must never be said. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryDirectory } from "../temporary-directory.ts";
import { setUp } from "./worker-rig.ts";

const STATUSES = [503, 401, 404, 422, 500];

it("says neither the token, nor a secret, nor what people are called or write", async () => {
  const { sim, receiver, startWorker, runCommand } = await setUp({ rate: 100, chatRate: 50, people: 40 });
  const logs = temporaryDirectory();
  const overrides = {
    LOG_LEVEL: "trace",
    LOG_FILE: join(logs, "worker.log"),
    RECONNECT_ATTEMPTS_MAX: "unlimited",
  };
  const worker = startWorker(overrides);
  await receiver.untilTaken("voice.joined");
  let asked = 0;
  receiver.policy = (events) => {
    asked += 1;
    // A receiver that is careless with what it was sent.
    const echo = JSON.stringify(events[0]?.type);
    return { status: STATUSES[asked % STATUSES.length] ?? 503, body: { error: { message: echo } } };
  };
  await receiver.until(() => asked >= 3);
  sim.setFaults({ garbage: 1 });
  sim.act({ type: "drop" });
  await worker.untilLogged("gateway_connection_lost");
  const check = await runCommand(["check"], overrides);
  const status = await worker.health("/health");
  const metrics = await worker.health("/metrics");
  worker.kill("SIGTERM");
  await worker.exit;

  const files = readdirSync(logs).map((name) => readFileSync(join(logs, name), "utf8"));
  expect(files.join("").split("\n").length).toBeGreaterThan(20);
  const said = [worker.output, ...files, check.output, JSON.stringify([status, metrics])].join("\n");
  const people = sim.world().rooms.flatMap(({ people: inRoom }) => inRoom.map(({ name }) => name));
  const secrets = [sim.token, receiver.secret, receiver.secret.slice(6), ...people];
  expect(people.length).toBeGreaterThan(0);
  expect(secrets.filter((secret) => said.includes(secret))).toEqual([]);
  expect(said).not.toMatch(/"content"\s*:/);
});
