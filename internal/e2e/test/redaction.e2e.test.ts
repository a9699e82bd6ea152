/**
 * Everything that worker and hub say while much goes wrong, searched for what must never be said: standard output, log
 * files, probes, metrics and the status. The worker alone is searched in a test of its own.
 */
import { hkdfSync } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { simCredentials } from "@guildwire/demo";
import { mintTicket, readSecrets, signDelivery, WEBHOOK_HEADERS } from "@guildwire/events";
import { expect, it, onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { RunningStack } from "./running-stack.ts";

const KEY = Buffer.from("this-is-the-key-of-the-deliveries").toString("base64");
const TICKET_KEY = Buffer.from("and-this-the-key-of-the-tickets!").toString("base64");
const STATUS_TOKEN = Buffer.from(
  hkdfSync("sha256", Buffer.from(KEY, "base64"), "", "guildwire status", 32),
).toString("base64url");

interface Hi {
  readonly t: string;
  readonly resume?: string;
}

it("says no token, secret, ticket or resume token, and not what people are called", async () => {
  const folder = mkdtempSync(join(tmpdir(), "guildwire-redaction-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const viewsFile = join(folder, "views.json");
  writeFileSync(viewsFile, JSON.stringify({ views: { public: { access: "ticket" } } }));
  const both = { HUB_SECRET: `whsec_${KEY}`, LOG_LEVEL: "trace" };
  await using stack = await RunningStack.start(
    { rate: 20 },
    {
      worker: { ...both, LOG_FILE: join(folder, "worker.log") },
      hub: {
        ...both,
        ...{ LOG_FILE: join(folder, "hub.log"), HUB_TICKET_SECRET: `whsec_${TICKET_KEY}` },
        ...{ VIEWS_FILE: viewsFile, HUB_CONNECTIONS_PER_ADDRESS_MAX: "8" },
      },
    },
  );
  const hub = `http://127.0.0.1:${stack.ports.hub}`;
  const secrets = readSecrets(`whsec_${TICKET_KEY}`);
  const [ticketKey] = secrets.ok ? secrets.keys : [];
  if (ticketKey === undefined) throw new Error("the secret is one");
  const ticket = mintTicket({ views: ["public"], sub: "somebody" }, ticketKey);

  /** The hub's first answer, or how it ended the socket. */
  async function greet(credential: string): Promise<Hi> {
    const socket = new WebSocket(`ws://127.0.0.1:${stack.ports.hub}/ws`, "hub.v1");
    onTestFinished(() => socket.terminate());
    await once(socket, "open");
    socket.send(JSON.stringify({ t: "auth", id: 1, v: 1, ticket: credential, subs: [] }));
    const [first] = (await Promise.race([once(socket, "message"), once(socket, "close")])) as unknown[];
    const answer = Buffer.isBuffer(first) ? (JSON.parse(first.toString()) as Hi) : { t: String(first) };
    socket.terminate();
    if (socket.readyState !== WebSocket.CLOSED) await once(socket, "close");
    return answer;
  }

  const { t, resume = "" } = await greet(ticket);
  expect([t, resume.length > 40]).toEqual(["hi", true]);
  // Used twice, come back with, broken, and one more than may be.
  await greet(ticket);
  await greet(resume);
  await greet(`${ticket.slice(0, -2)}xx`);
  const held = Array.from(
    { length: 10 },
    () => new WebSocket(`ws://127.0.0.1:${stack.ports.hub}/ws`, "hub.v1"),
  );
  for (const socket of held) socket.on("error", () => {});
  await Promise.all(held.map((socket) => once(socket, "open").catch(() => [])));
  for (const socket of held) socket.terminate();

  // Deliveries that are refused for their signature, for their content, and for nothing.
  const body = JSON.stringify({ source: "1", epoch: "e", events: [{ secret: "of the body" }] });
  for (const [keys, id] of [
    [secrets.ok ? secrets.keys : [], "d_1"],
    [keysOf(both.HUB_SECRET), "d_2"],
  ] as const) {
    const timestampS = Math.floor(Date.now() / 1_000);
    const headers = {
      [WEBHOOK_HEADERS.id]: id,
      [WEBHOOK_HEADERS.timestamp]: String(timestampS),
      [WEBHOOK_HEADERS.signature]: signDelivery({ id, timestampS, body }, keys),
    };
    const answer = await fetch(`${hub}/api/internal/events`, { method: "POST", headers, body });
    expect(answer.status).toBe(id === "d_1" ? 401 : 400);
  }
  const authorization = `Bearer ${STATUS_TOKEN}`;
  const told: string[] = [];
  for (const path of ["health", "ready", "live", "status", "metrics"]) {
    const answer = await fetch(`${hub}/api/${path}`, { headers: { authorization } });
    expect(answer.status).toBe(200);
    told.push(await answer.text());
  }
  await stack.killAndAwait("hub");
  await stack.killAndAwait("worker");

  const files = readdirSync(folder).filter((name) => name.endsWith(".log"));
  expect(files.toSorted()).toEqual(["hub.log", "worker.log"]);
  // The simulator says its token to whoever starts it.
  const output = stack.output.filter((line) => !line.startsWith("sim: "));
  const said = [...output, ...told, ...files.map((name) => readFileSync(join(folder, name), "utf8"))];
  const text = said.join("\n");
  for (const event of [
    "delivery_taken",
    "delivery_refused",
    "delivery_invalid",
    "connection_limit",
    "hub_started",
  ])
    expect(text).toContain(`"event":"${event}"`);
  const token = simCredentials(stack.ports)["DISCORD_BOT_TOKEN"] ?? "";
  const people = await namesOf(stack);
  expect(people.length).toBeGreaterThan(0);
  const unsayable = [KEY, TICKET_KEY, STATUS_TOKEN, ticket, resume, token, "of the body", ...people];
  // Neither whole nor the part of a ticket that says whose it is.
  const parts = [ticket, resume].map((credential) => credential.split(".").at(-1) ?? credential);
  expect([...unsayable, ...parts].filter((word) => text.includes(word))).toEqual([]);
  expect(text).not.toMatch(/"content"\s*:/);
});

function keysOf(secret: string) {
  const outcome = readSecrets(secret);
  return outcome.ok ? outcome.keys : [];
}

async function namesOf(stack: RunningStack): Promise<readonly string[]> {
  const world = (await (await fetch(`http://127.0.0.1:${stack.ports.sim}/control/world`)).json()) as {
    readonly rooms: readonly { readonly people: readonly { readonly name: string }[] }[];
  };
  return world.rooms.flatMap(({ people }) => people.map(({ name }) => name));
}
