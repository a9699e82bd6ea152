/**
 * Secrets and the token are replaced while everything runs, as docs/security.md says: production builds, a simulator whose
 * people go on coming and going, and each process restarted once per step.
 */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  choosePorts,
  demoStack,
  hubEndpoint,
  type Ports,
  type ProcessSpec,
  SupervisedProcess,
} from "@guildwire/demo";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const GUILD_ID = "900000000000000001";
const newSecret = () => `whsec_${randomBytes(32).toString("base64")}`;
const [OLD, NEW] = [newSecret(), newSecret()];

type Name = "sim" | "worker" | "hub";

let ports: Ports;
let dataDir: string;
const output: string[] = [];
const processes = new Map<Name, SupervisedProcess>();

beforeAll(async () => {
  ports = await choosePorts(() => {}, { sim: 0, worker: 0, hub: 0 });
  dataDir = mkdtempSync(join(tmpdir(), "guildwire-rotation-"));
  await Promise.all([replace("sim"), replace("hub", OLD), replace("worker", OLD)]);
});

afterAll(async () => {
  for (const name of ["worker", "sim", "hub"] as const) await processes.get(name)?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

function specOf(name: Name, env: Readonly<Record<string, string>>): ProcessSpec {
  const world = { seed: 7, people: 40, rooms: 8, rate: 20 };
  return demoStack({ ports, dataDir, world, env: { [name]: env } })[name];
}

/** Stops what runs under that name with SIGTERM, and starts it with another secret. */
async function replace(name: Name, secret?: string): Promise<void> {
  await processes.get(name)?.stop();
  const env = secret === undefined ? {} : { HUB_SECRET: secret };
  await start(new SupervisedProcess(specOf(name, env), listener(name)));
}

/** The simulator begins anew with the same world, and knows another token. */
async function resetToken(token: string): Promise<void> {
  await processes.get("sim")?.stop();
  const spec = specOf("sim", {});
  const args = spec.args.map((arg, index) => (spec.args[index - 1] === "--token" ? token : arg));
  await start(new SupervisedProcess({ ...spec, args }, listener("sim")));
}

async function start(process: SupervisedProcess): Promise<void> {
  processes.set(process.name as Name, process);
  process.start();
  await process.ready;
}

function listener(name: Name): ConstructorParameters<typeof SupervisedProcess>[1] {
  return (news) => output.push(`${name}: ${news.type === "line" ? news.text : JSON.stringify(news)}`);
}

async function control(method: string, path: string): Promise<unknown> {
  return await (await fetch(`http://127.0.0.1:${ports.sim}/control${path}`, { method })).json();
}

interface World {
  readonly rooms: readonly { readonly id: string; readonly people: readonly { readonly id: string }[] }[];
}

/** Person → room, as Discord has it, with life standing still. */
async function truth(): Promise<Readonly<Record<string, string>>> {
  const { rooms } = (await control("GET", "/world")) as World;
  return Object.fromEntries(rooms.flatMap((room) => room.people.map((person) => [person.id, room.id])));
}

/** Person → room, as the hub serves it. */
async function shown(): Promise<unknown> {
  const answer = await fetch(`http://127.0.0.1:${ports.hub}/api/rt/v1/topics/voice/${GUILD_ID}/public`);
  const { state } = (await answer.json()) as {
    readonly state: readonly [string, { readonly room: string }][];
  };
  const people = state.filter(([key]) => key.startsWith("u:"));
  return Object.fromEntries(people.map(([key, { room }]) => [key.slice(2), room]));
}

async function becomesTrue(): Promise<void> {
  await fetch(`http://127.0.0.1:${ports.sim}/control/pause`, { method: "POST" });
  const wanted = await truth();
  expect(Object.keys(wanted).length).toBeGreaterThan(5);
  await expect.poll(shown, { timeout: 20_000, interval: 50 }).toEqual(wanted);
  await fetch(`http://127.0.0.1:${ports.sim}/control/resume`, { method: "POST" });
}

/** Asks the hub for nothing, with a signature by the worker's own command; resolves to what it printed. */
async function checked(secret: string): Promise<string> {
  const spec = specOf("worker", {
    HUB_SECRET: secret,
    HUB_ENDPOINT: hubEndpoint(ports),
    DATA_DIR: join(dataDir, "c"),
  });
  return await new Promise((resolve) => {
    const env = { ...process.env, ...spec.env };
    execFile(process.execPath, [...spec.args, "check"], { env }, (_error, stdout) => resolve(stdout));
  });
}

const refusals = () => output.filter((line) => /delivery_refused|"errorCode":"E014"/.test(line));

describe("a new HUB_SECRET", () => {
  it("is brought in while deliveries go on: hub with both, worker with the new one, hub with the new one", async () => {
    await becomesTrue();
    await replace("hub", `${NEW} ${OLD}`);
    await becomesTrue();
    await replace("worker", NEW);
    await becomesTrue();
    await replace("hub", NEW);
    await becomesTrue();
  });

  it("was never refused on the way, and no session was lost to it", async () => {
    expect(refusals()).toEqual([]);
    expect(await control("GET", "/stats")).toMatchObject({ identifies: 1 });
  });

  it("has left the old one worth nothing", async () => {
    expect(await checked(NEW)).toMatch(/✓ signature/);
    expect(await checked(OLD)).toMatch(/✗ signature[\s\S]*E014/);
    expect(refusals()).toHaveLength(1);
  });

  it("is found nowhere in what the processes wrote", () => {
    const [, oldBytes = ""] = OLD.split("_");
    const [, newBytes = ""] = NEW.split("_");
    expect(output.filter((line) => line.includes(oldBytes) || line.includes(newBytes))).toEqual([]);
  });
});

describe("a receiver with one secret only", () => {
  it("gets a new one when the worker signs with both first", async () => {
    const third = newSecret();
    await replace("worker", `${third} ${NEW}`);
    await becomesTrue();
    await replace("hub", third);
    await becomesTrue();
    await replace("worker", third);
    await becomesTrue();
    expect(refusals()).toHaveLength(1);
  });
});

describe("a token that was reset", () => {
  it("ends the worker for a person to act, and a worker with the new one goes on in the same log", async () => {
    const worker = processes.get("worker");
    const secret = worker?.spec.env["HUB_SECRET"] ?? "";
    const TOKEN = "reset-token.not-a-real.discord-bot-token";
    const epochs = () => output.filter((line) => line.includes('"source_epoch_started"')).length;
    const before = epochs();
    await resetToken(TOKEN);
    const refused = () =>
      output.filter((line) => line.startsWith("worker:") && line.includes('"errorCode":"E002"'));
    await expect.poll(() => refused().length, { timeout: 20_000, interval: 50 }).toBeGreaterThan(0);
    expect(refused()[0]).toContain('"exitCode":78');
    await worker?.stop();
    const env = { HUB_SECRET: secret, DISCORD_BOT_TOKEN: TOKEN };
    await start(new SupervisedProcess(specOf("worker", env), listener("worker")));
    await becomesTrue();
    expect(epochs()).toBe(before);
  });
});
