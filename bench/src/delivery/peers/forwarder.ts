/**
 * The same job the usual way, as a process: a bot that reads the Gateway and POSTs each voice state, signed. What differs
 * is `FORWARDER_MODE`. None of them knows the server's state, keeps a session or batches; that is what makes them usual.
 *
 *   fetch           the handler awaits a `fetch` of its own: nothing is kept, and nothing keeps the order
 *   fetch-in-turn   one after the other, so that the order stays; what waits is in memory
 *   undici          the same by `undici.request` on one kept connection
 *   outbox          each event is inserted into SQLite as it comes, sent by `undici.request`, and deleted when it was taken
 */
import { createHmac } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Agent, request } from "undici";
import { WebSocket } from "ws";

export type ForwarderMode = "fetch" | "fetch-in-turn" | "undici" | "outbox";

const {
  DISCORD_API_URL = "",
  HUB_ENDPOINT = "",
  HUB_SECRET = "",
  DATA_DIR = ".",
  FORWARDER_MODE,
} = process.env;
const key = Buffer.from(HUB_SECRET.replace(/^whsec_/, ""), "base64");
const agent = new Agent({ connections: 1, pipelining: 1 });
const headersOf = (id: string, body: string): Record<string, string> => {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${signature}`,
  };
};

async function byFetch(id: string, body: string): Promise<void> {
  const answer = await fetch(HUB_ENDPOINT, { method: "POST", headers: headersOf(id, body), body });
  await answer.text();
}

async function byUndici(id: string, body: string): Promise<void> {
  const headers = headersOf(id, body);
  const answer = await request(HUB_ENDPOINT, { method: "POST", dispatcher: agent, headers, body });
  await answer.body.text();
}

/** Takes events as they come and sends them one after the other. */
function inTurn(send: (id: string, body: string) => Promise<void>) {
  const waiting: (readonly [string, string])[] = [];
  let isSending = false;
  return async (id: string, body: string): Promise<void> => {
    waiting.push([id, body]);
    if (isSending) return;
    isSending = true;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await send(...next);
    isSending = false;
  };
}

function byOutbox() {
  const database = new DatabaseSync(join(DATA_DIR, "outbox.sqlite"));
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  database.exec(
    "CREATE TABLE outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, body TEXT NOT NULL) STRICT",
  );
  const insert = database.prepare("INSERT INTO outbox (id, body) VALUES (?, ?)");
  const oldest = database.prepare("SELECT seq, id, body FROM outbox ORDER BY seq LIMIT 1");
  const remove = database.prepare("DELETE FROM outbox WHERE seq = ?");
  let isSending = false;
  return async (id: string, body: string): Promise<void> => {
    insert.run(id, body);
    if (isSending) return;
    isSending = true;
    for (let row = oldest.get(); row !== undefined; row = oldest.get()) {
      await byUndici(String(row["id"]), String(row["body"]));
      remove.run(Number(row["seq"]));
    }
    isSending = false;
  };
}

const FORWARD: Readonly<Record<ForwarderMode, () => (id: string, body: string) => Promise<void>>> = {
  fetch: () => byFetch,
  "fetch-in-turn": () => inTurn(byFetch),
  undici: () => inTurn(byUndici),
  outbox: byOutbox,
};

const forward = FORWARD[FORWARDER_MODE as ForwarderMode]();
const bot = (await (await fetch(`${DISCORD_API_URL}/gateway/bot`)).json()) as { url: string };
const socket = new WebSocket(bot.url, { perMessageDeflate: false });
let seq: number | null = null;
socket.on("message", (data: Buffer) => {
  const { op, s, t, d } = JSON.parse(data.toString("utf8")) as {
    op: number;
    s: number | null;
    t: string | null;
    d: { channel_id: string | null; user_id: string; self_mute: boolean; heartbeat_interval: number };
  };
  seq = s ?? seq;
  if (op === 10) {
    setInterval(() => socket.send(JSON.stringify({ op: 1, d: seq })), d.heartbeat_interval);
    socket.send(JSON.stringify({ op: 2, d: { token: "measured", intents: 129, properties: {} } }));
  }
  if (t === "READY") process.stdout.write('{"event":"ready"}\n');
  if (t !== "VOICE_STATE_UPDATE") return;
  const type = d.channel_id === null ? "voice.left" : "voice.updated";
  void forward(
    `evt_${s}`,
    JSON.stringify({ id: `evt_${s}`, type, timestamp: new Date().toISOString(), data: d }),
  );
});
