/** The SDK as a stranger gets it: packed, unpacked in an empty folder, type-checked, run, and weighed. */
import { execFile, execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { hi, snapshot } from "./memory-hub.ts";
import { ENTRIES, TOPIC } from "./voice-rooms-hub.ts";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
/** What a page pays for the whole of it, minified and compressed. */
const GZIP_BYTES_MAX = 10_240;
/** What a page behind a proxy that refuses WebSockets loads besides. */
const STREAM_GZIP_BYTES_MAX = 1_536;

const folder = mkdtempSync(join(tmpdir(), "guildwire-sdk-"));
const installed = join(folder, "node_modules/@guildwire/client");

beforeAll(() => {
  execFileSync("npx", ["-y", "pnpm@12", "pack", "--pack-destination", folder], {
    cwd: PACKAGE,
    stdio: "ignore",
  });
  const archive = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", join(folder, String(archive)), "--strip-components", "1", "-C", installed]);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  // What a React app has anyway.
  const require = createRequire(import.meta.url);
  mkdirSync(join(folder, "node_modules/@types"), { recursive: true });
  for (const name of ["react", "@types/react"]) {
    symlinkSync(join(require.resolve(`${name}/package.json`), ".."), join(folder, "node_modules", name));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CONSUMER = `
import { createHubClient, onVoiceChanges, type RoomView, voiceRoomsStore } from "@guildwire/client";
import { sharedHubClient } from "@guildwire/client/core";
import { HubProvider, useRoom } from "@guildwire/client/react";
import { voiceTopic } from "@guildwire/client/rooms";

const client = createHubClient({ url: String(process.argv[2]) });
const store = voiceRoomsStore(client, "1");
export const other = (): unknown => sharedHubClient("ws://127.0.0.1:9/ws").topic(voiceTopic("1"));
const nameOf = (room: RoomView): string => room.name;
export const wrong = (): unknown => [HubProvider, useRoom];
onVoiceChanges(store, { onJoin: ({ person }) => console.log(person.name) });
store.subscribe(() => {
  const { rooms, sync } = store.getSnapshot();
  if (sync.name !== "following") return;
  console.log([...rooms.rooms.values()].map(nameOf).join());
  client[Symbol.dispose]();
});
`;

describe("the package", () => {
  it("depends on nothing, and names no package of the workspace", () => {
    const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as {
      dependencies?: object;
      sideEffects: boolean;
    };
    expect(manifest.dependencies ?? {}).toEqual({});
    expect(manifest.sideEffects).toBe(false);
    const lib = join(installed, "dist/lib");
    const code = readdirSync(lib).filter((name) => /\.(js|d\.ts)$/.test(name));
    for (const name of code) {
      expect(readFileSync(join(lib, name), "utf8"), name).not.toMatch(/from "@guildwire\/(?!client)/);
    }
  });

  it("has types that a strict project accepts, and that find a mistake", () => {
    const compilerOptions = {
      strict: true,
      noEmit: true,
      module: "nodenext",
      target: "es2023",
      lib: ["es2024", "dom", "esnext.disposable"],
      types: [],
      jsx: "react-jsx",
      exactOptionalPropertyTypes: true,
    };
    const declared = "declare const process: { argv: string[] };\n";
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["app.ts"] }));
    const tsc = () =>
      execFileSync(
        process.execPath,
        [join(createRequire(import.meta.url).resolve("typescript/package.json"), "../bin/tsc"), "-p", folder],
        {
          encoding: "utf8",
        },
      );
    writeFileSync(join(folder, "app.ts"), declared + CONSUMER);
    tsc();
    writeFileSync(join(folder, "app.ts"), declared + CONSUMER.replace("room.name", "room.nmae"));
    expect(tsc).toThrow();
  });

  it("follows rooms from an empty folder", async () => {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1", handleProtocols: () => "hub.v1" });
    await new Promise((resolve) => server.once("listening", resolve));
    server.on("connection", (socket) => {
      socket.once("message", (data) => {
        const { id } = JSON.parse(String(data)) as { id: number };
        socket.send(JSON.stringify(hi(id)));
        socket.send(JSON.stringify({ t: "subd", id, topic: TOPIC, e: "e1", o: 1, how: "snapshot" }));
        socket.send(JSON.stringify(snapshot(TOPIC, 1, ENTRIES)));
      });
    });
    const { port } = server.address() as { port: number };
    const app = CONSUMER.replaceAll(/: RoomView|: string|: unknown|, type RoomView/g, "");
    writeFileSync(join(folder, "app.js"), app);
    const output = await new Promise<string>((resolve, reject) => {
      const args = [join(folder, "app.js"), `ws://127.0.0.1:${port}/ws`];
      execFile(process.execPath, args, { timeout: 20_000 }, (error, stdout) =>
        error === null ? resolve(stdout) : reject(error),
      );
    });
    expect(output).toBe("Lounge,Music\n");
    server.close();
  });

  it(`weighs at most ${GZIP_BYTES_MAX} bytes, minified and compressed`, () => {
    expect(weightOf("guildwire.js")).toBeLessThanOrEqual(GZIP_BYTES_MAX);
  });

  it(`loads at most ${STREAM_GZIP_BYTES_MAX} bytes more where sockets do not get through`, () => {
    expect(weightOf("guildwire-stream.js")).toBeLessThanOrEqual(STREAM_GZIP_BYTES_MAX);
    const bundle = readFileSync(join(installed, "dist/browser/guildwire.js"), "utf8");
    expect([...bundle.matchAll(/import\(([^)]*)\)/g)].map(([, name]) => name)).toEqual([
      "`./guildwire-stream.js`",
    ]);
  });
});

function weightOf(name: string): number {
  return gzipSync(readFileSync(join(installed, "dist/browser", name)), { level: 9 }).length;
}
