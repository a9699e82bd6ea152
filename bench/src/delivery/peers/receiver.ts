/**
 * A receiver as one writes it: `node:http`, the signature, one INSERT per event in a transaction of its own, and then
 * the answer. It keeps events and knows nothing of rooms; the hub does all of that besides.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const { HUB_SECRET = "", DATA_DIR = "." } = process.env;
const key = Buffer.from(HUB_SECRET.replace(/^whsec_/, ""), "base64");
const database = new DatabaseSync(join(DATA_DIR, "received.sqlite"));
database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
database.exec("CREATE TABLE event (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT");
const insert = database.prepare("INSERT OR IGNORE INTO event VALUES (?, ?)");
let stored = 0;

const server = createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on("data", (piece: Buffer) => pieces.push(piece));
  request.on("end", () => {
    const body = Buffer.concat(pieces);
    const {
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": signature,
    } = request.headers;
    const wanted = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest();
    const given = Buffer.from(String(signature).slice(3), "base64");
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
      response.writeHead(401).end();
      return;
    }
    const event = JSON.parse(body.toString("utf8")) as { id: string };
    stored += Number(insert.run(event.id, body.toString("utf8")).changes);
    response.writeHead(200, { "content-type": "application/json" }).end(`{"acked":${stored}}`);
  });
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`{"event":"listening","port":${(server.address() as AddressInfo).port}}\n`);
});
