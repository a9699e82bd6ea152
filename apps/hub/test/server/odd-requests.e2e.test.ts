/** Requests that are valid but unusual, and requests that are not valid, at the built hub: `turbo run build` first. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HUB_SECRET, MAIN } from "./hub-process.ts";
import { type RawAnswer, sendRaw } from "./raw-request.ts";

const dataDir = mkdtempSync(join(tmpdir(), "guildwire-odd-"));
let child: ChildProcess;
let port: number;
let logged = "";
let printed = "";

beforeAll(async () => {
  child = spawn(process.execPath, [MAIN], {
    env: { NODE_ENV: "production", HOST: "127.0.0.1", HUB_SECRET, DATA_DIR: dataDir, PORT: "0" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    printed += chunk.toString();
  });
  child.stdout?.on("data", (chunk: Buffer) => {
    logged += chunk.toString();
  });
  while (!/"event":"hub_started","port":\d+/.test(logged)) await once(child.stdout ?? child, "data");
  port = Number(/"event":"hub_started","port":(\d+)/.exec(logged)?.[1]);
});

afterAll(async () => {
  const closed = once(child, "close");
  child.kill("SIGTERM");
  await closed;
  rmSync(dataDir, { recursive: true, force: true });
  // Checked last, as it covers every request above: at most one line a minute of each kind.
  expect(printed).toBe("");
  const events = [...logged.matchAll(/"event":"(\w+)"/g)].map(([, name]) => name);
  expect(events).not.toContain("request_failed");
  expect(events.length).toBeLessThan(10);
});

const HEAD = "Host: hub.example\r\nConnection: close\r\n";

async function get(path: string, headers = HEAD): Promise<RawAnswer> {
  return await sendRaw(port, `GET ${path} HTTP/1.1\r\n${headers}\r\n`);
}

describe("an odd path", () => {
  it.each([
    ["/%E0%A4%A", 400],
    ["/%", 400],
    ["/embed/%E0%A4%A", 400],
    ["/overlay/1/%ff", 400],
    ["/card/%E0%A4%A.svg", 400],
    ["/api/rt/v1/topics/%E0%A4%A", 400],
    ["/assets/%E0%A4%A", 400],
    ["/favicon%E0.svg", 400],
    ["*", 400],
    ["foo", 400],
    ["//", 404],
    ["//evil.example/", 404],
    ["///", 404],
    ["/\\", 404],
    ["/%5c%5cevil.example", 404],
    ["/%2F%2Fevil.example", 404],
    ["/a%00b", 404],
    ["/x%00.svg", 404],
    ["/..%2f..%2fetc/passwd", 404],
    ["/_serverFn/", 404],
    ["/_serverFn/abc", 404],
    ["/__proto__", 404],
    ["/card/__proto__.svg", 404],
    ["/api", 404],
    ["/api/", 404],
    ["/nothing", 404],
    ["http://evil.example/nothing", 404],
    ["/?a=%E0%A4%A", 200],
    ["/?__proto__=1", 200],
    ["http://hub.example/", 200],
  ])("%s is answered %i", async (path, status) => {
    expect((await get(path)).status).toBe(status);
  });

  it("that any client may send is answered below 500", async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "/",
        "//",
        "%",
        "%00",
        "%2f",
        "%5c",
        "..",
        ".",
        ":",
        "?",
        "#",
        "\\",
        "@",
        "*",
        "[",
        "~",
      ),
      fc.constantFrom("api", "rt", "v1", "topics", "sse", "embed", "overlay", "card", "assets", "sdk", "ws"),
      fc.constantFrom("_serverFn", "payload=", "{}", "http://", "__proto__", ".js", ".svg", "\xe9", "1"),
      fc.string({ maxLength: 4 }).map((text) => text.replaceAll(/[\s]/g, "")),
    );
    const paths = fc.array(piece, { maxLength: 8 }).map((pieces) => `/${pieces.join("")}`);
    await fc.assert(
      fc.asyncProperty(paths, async (path) => {
        const { status } = await get(path);
        expect(status).toBeGreaterThanOrEqual(200);
        expect(status).toBeLessThan(500);
      }),
      { numRuns: 300, seed: 20_261_201 },
    );
  });
});

describe("an odd method", () => {
  const METHODS = ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "QUERY"];
  const PATHS = [
    "/",
    "/embed/1",
    "/nothing",
    "/favicon.svg",
    "/assets/x.js",
    "/sdk/guildwire.js",
    "/api/live",
  ];

  it.each(PATHS)("at %s is answered 405, with the methods that may be used", async (path) => {
    for (const method of METHODS) {
      const { status, text } = await sendRaw(
        port,
        `${method} ${path} HTTP/1.1\r\n${HEAD}Content-Length: 0\r\n\r\n`,
      );
      expect([method, status]).toEqual([method, 405]);
      expect(text).toMatch(/^allow: GET, HEAD\r$/im);
    }
  });

  it("that asks for a tunnel is answered 405", async () => {
    expect((await sendRaw(port, `CONNECT x:443 HTTP/1.1\r\n${HEAD}\r\n`)).status).toBe(405);
  });

  it("that HTTP does not know is answered 400", async () => {
    expect((await sendRaw(port, `FOO / HTTP/1.1\r\n${HEAD}\r\n`)).status).toBe(400);
  });
});

describe("an odd header", () => {
  it.each([
    "Host: a\r\nHost: b\r\n",
    "Host: a b\r\n",
    "Host: http://x\r\n",
    "Host: x/y\r\n",
    "Host: x:99999\r\n",
    "Host: [::1\r\n",
    "Host: ../\r\n",
    "Host: %E0%A4%A\r\n",
    "",
  ])("%j is answered 400", async (host) => {
    for (const path of ["/", "/api/live"])
      expect((await get(path, `${host}Connection: close\r\n`)).status).toBe(400);
  });

  it.each([
    "Expect: 100-continue",
    "Cookie: a=%E0%A4%A; theme=%",
    "Accept-Encoding: \xff;q=x",
    "If-None-Match: \xff",
    "If-Modified-Since: x",
    "Origin: rubbish",
    "Referer: %E0",
    "X-Forwarded-For: ,,,",
    "X-Forwarded-Proto: javascript",
    "X-Forwarded-Host: evil/\\",
    "Last-Event-ID: \xff",
    "Authorization: \xff",
    "Content-Type: \xff",
  ])("%j changes nothing", async (header) => {
    for (const path of ["/", "/embed/1", "/api/live", "/favicon.svg"])
      expect([path, (await get(path, `${HEAD}${header}\r\n`)).status]).toEqual([path, 200]);
  });

  it.each([
    ["Expect: weird", 417],
    ["Accept: \xff", 406],
    [`X-Long: ${"a".repeat(17_000)}`, 431],
    ["Content-Length: abc", 400],
    ["Transfer-Encoding: weird", 400],
  ])("%.20s is answered %i", async (header, status) => {
    expect((await get("/", `${HEAD}${header}\r\n`)).status).toBe(status);
  });

  it("of HTTP/1.0 without a Host is answered", async () => {
    expect((await sendRaw(port, "GET /api/live HTTP/1.0\r\n\r\n")).status).toBe(200);
  });
});

describe("an odd body", () => {
  const types = [
    "application/json",
    "text/plain",
    "multipart/form-data",
    "application/x-www-form-urlencoded",
  ];

  it.each(types)("of type %s is refused by deliveries and pages", async (type) => {
    for (const [path, status] of [
      ["/api/internal/events", 401],
      ["/", 405],
    ] as const) {
      const head = `POST ${path} HTTP/1.1\r\n${HEAD}Content-Type: ${type}\r\nContent-Length: 2\r\n\r\n`;
      expect((await sendRaw(port, `${head}{\xff`)).status).toBe(status);
    }
  });

  it("that a function of the page cannot read is not read", async () => {
    const assets = fileURLToPath(new URL("../client/assets/", pathToFileURL(MAIN)));
    const scripts = readdirSync(assets).filter((name) => name.endsWith(".js"));
    const code = scripts.map((name) => readFileSync(join(assets, name), "utf8")).join("\n");
    const found = new Set(code.match(/(?<=["'`])[0-9a-f]{64}(?=["'`])/g));
    expect(found.size).toBeGreaterThanOrEqual(3);
    const own = `${HEAD}Origin: http://hub.example\r\nSec-Fetch-Site: same-origin\r\nx-tsr-serverfn: true\r\n`;
    for (const id of found) {
      const trace = await sendRaw(port, `TRACE /_serverFn/${id} HTTP/1.1\r\n${own}\r\n`);
      expect([id, trace.status]).toEqual([id, 405]);
      for (const query of ["payload=%7B", "payload=1", "payload=null", "payload=%7B%22t%22%3A99%7D"]) {
        const { status } = await get(`/_serverFn/${id}?${query}`, own);
        expect([id, query, status !== undefined && status < 500]).toEqual([id, query, true]);
      }
      for (const type of types) {
        const head = `POST /_serverFn/${id} HTTP/1.1\r\n${own}Content-Type: ${type}\r\nContent-Length: 1\r\n\r\n`;
        const { status } = await sendRaw(port, `${head}{`);
        expect([id, type, status !== undefined && status < 500]).toEqual([id, type, true]);
      }
    }
  });
});

describe("an upgrade to another protocol than ours", () => {
  it.each([
    "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings, close\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA",
    "Upgrade: TLS/1.0\r\nConnection: Upgrade, close",
    "Upgrade: foo\r\nConnection: close",
  ])("is ignored: %.20s", async (offer) => {
    const head = `Host: hub.example\r\n${offer}\r\n`;
    for (const path of ["/", "/embed/1", "/api/live", "/favicon.svg"])
      expect([path, (await get(path, head)).status]).toEqual([path, 200]);
    expect((await get("/nothing", head)).status).toBe(404);
  });
});
