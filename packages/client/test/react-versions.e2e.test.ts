/** The React entry as an app gets it: built, with React 18 and with React 19, and where React is a server's. */
import { execFile } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { hi, snapshot } from "./memory-hub.ts";
import { ENTRIES, person, TOPIC } from "./voice-rooms-hub.ts";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(import.meta.url);
const folder = mkdtempSync(join(tmpdir(), "guildwire-react-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Copied: a package that is linked finds its peers beside where it really is. */
function install(app: string, name: string, from: string, resolve = require): string {
  const real = realpathSync(dirname(resolve.resolve(`${from}/package.json`)));
  cpSync(real, join(app, "node_modules", name), { recursive: true, dereference: true });
  return real;
}

function appWith(name: string, react = "react", reactDom = "react-dom"): string {
  const app = join(folder, name);
  mkdirSync(join(app, "node_modules/@guildwire/client"), { recursive: true });
  const { publishConfig, ...manifest } = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8")) as {
    publishConfig: { exports: object };
  };
  const installed = join(app, "node_modules/@guildwire/client");
  cpSync(join(PACKAGE, "dist"), join(installed, "dist"), { recursive: true });
  writeFileSync(join(installed, "package.json"), JSON.stringify({ ...manifest, ...publishConfig }));
  writeFileSync(join(app, "package.json"), JSON.stringify({ type: "module" }));
  install(app, "react", react);
  const realDom = install(app, "react-dom", reactDom);
  install(app, "scheduler", "scheduler", createRequire(join(realDom, "package.json")));
  symlinkSync(dirname(require.resolve("happy-dom/package.json")), join(app, "node_modules/happy-dom"));
  return app;
}

const APP = `
import { Window } from "happy-dom";
const page = new Window({ url: "http://club.example/" });
const { createElement: h, StrictMode, version } = await import("react");
const { renderToString } = await import("react-dom/server");
const { createHubClient } = await import("@guildwire/client");
const { HubProvider, useHubStatus, useMember, useRoom, useVoiceChanges, useVoiceRooms } = await import("@guildwire/client/react");

const [url, entries] = [process.argv[2], JSON.parse(process.argv[3])];
function Rooms() {
  const { rooms } = useVoiceRooms();
  const ann = useMember("41");
  useVoiceChanges({ onJoin: ({ person }) => console.log("joined: " + person.name) });
  return h("p", null, [useHubStatus().name, useRoom("7")?.name, ann?.name, rooms.people.size].join(" "));
}
const initial = { epoch: "e1", offset: 1, entries };
const app = (hub) => h(StrictMode, null, h(HubProvider, { hub, guildId: "1", initial }, h(Rooms)));
const html = renderToString(app("/ws"));
console.log(version.split(".")[0], html);

for (const name of ["window", "document", "HTMLElement", "Node", "MutationObserver"]) globalThis[name] = page[name] ?? page;
globalThis.window = page;
const mistakes = [];
console.error = (...words) => mistakes.push(words.join(" "));
const { hydrateRoot } = await import("react-dom/client");
const { WebSocket } = globalThis;
const client = createHubClient({ url, WebSocket });
document.body.innerHTML = "<main>" + html + "</main>";
const root = hydrateRoot(document.querySelector("main"), app(client));
const becomes = (text) => new Promise((resolve) => {
  const look = () => document.body.textContent === text && resolve();
  new page.MutationObserver(look).observe(document.body, { childList: true, characterData: true, subtree: true });
  look();
});
await becomes("live Lounge Ann 3");
root.unmount();
await becomes("");
client[Symbol.dispose]();
console.log("gone", mistakes.length === 0 ? "quiet" : mistakes.join());
process.exit(0);
`;

describe.each([
  ["18", "react-18", "react-dom-18"],
  ["19", "react", "react-dom"],
])("with React %s", (major, react, reactDom) => {
  let app: string;
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", handleProtocols: () => "hub.v1" });
  beforeAll(async () => {
    app = appWith(major, react, reactDom);
    server.on("connection", (socket) => {
      socket.once("message", (data) => {
        const { id } = JSON.parse(String(data)) as { id: number };
        socket.send(JSON.stringify(hi(id)));
        socket.send(JSON.stringify({ t: "subd", id, topic: TOPIC, e: "e1", o: 1, how: "snapshot" }));
        socket.send(JSON.stringify(snapshot(TOPIC, 1, ENTRIES)));
        const ops = [["s", "u:43", person("7", { name: "Cleo" })]];
        socket.send(JSON.stringify({ t: "d", topic: TOPIC, f: 1, o: 2, at: 1, ops }));
      });
    });
    if (server.address() === null) await new Promise((resolve) => server.once("listening", resolve));
  });
  afterAll(() => server.close());

  it("renders on a server, takes the page over, follows a change and lets go", async () => {
    writeFileSync(join(app, "app.js"), APP);
    const { port } = server.address() as { port: number };
    const args = [join(app, "app.js"), `ws://127.0.0.1:${port}/ws`, JSON.stringify(ENTRIES)];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 30_000 });
    expect(stdout).toBe(`${major} <p>idle Lounge Ann 2</p>\njoined: Cleo\ngone quiet\n`);
  });
});

describe("where React is a server's (React Server Components)", () => {
  it("the hooks' module says first that it is the client's", () => {
    const code = readFileSync(join(PACKAGE, "dist/lib/react.js"), "utf8");
    expect(code).toMatch(/^"use client";/);
  });

  it("the entry without React can be imported and derives rooms", async () => {
    const app = appWith("server");
    writeFileSync(
      join(app, "server.js"),
      `import { voiceRooms } from "@guildwire/client";
       const rooms = voiceRooms(new Map(${JSON.stringify(ENTRIES)}.map((entry) => [entry[0], entry])));
       console.log(rooms.people.size);`,
    );
    const args = ["--conditions", "react-server", join(app, "server.js")];
    expect((await promisify(execFile)(process.execPath, args)).stdout).toBe("2\n");
  });
});
