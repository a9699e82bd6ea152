/**
 * `docs/adding-an-event.md`, done: its blocks are applied to a copy of the packages, which is type-checked and tested, and an
 * event is sent through all of it, from Discord's payload to what a page renders.
 */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageFolders, REPOSITORY } from "./source-tree.ts";
import { blocksOf, edited } from "./worked-example.ts";

const blocks = blocksOf(readFileSync(join(REPOSITORY, "docs/adding-an-event.md"), "utf8"));
const folders = packageFolders().filter((folder) => /^packages\/|^apps\/hub$/.test(folder));
const touched = [...new Set(blocks.map(({ path }) => path.split("/").slice(0, 2).join("/")))];
const SLOW_MS = 120_000;

let copy: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "guildwire-example-"));
  for (const name of ["package.json", "tsconfig.base.json"]) cpSync(join(REPOSITORY, name), join(copy, name));
  symlinkSync(join(REPOSITORY, "node_modules"), join(copy, "node_modules"));
  for (const folder of folders) {
    const from = join(REPOSITORY, folder);
    const isCopied = (path: string) => !["node_modules", "dist", ".turbo"].includes(basename(path));
    cpSync(from, join(copy, folder), { recursive: true, filter: isCopied });
    linkModules(join(from, "node_modules"), join(copy, folder, "node_modules"));
  }
  for (const block of blocks) {
    const path = join(copy, block.path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, block.kind === "file" ? block.text : edited(readFileSync(path, "utf8"), block));
  }
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** What a package uses: others of the workspace as they are in the copy, and everything else as it is installed. */
function linkModules(from: string, to: string): void {
  if (!existsSync(from)) return;
  mkdirSync(join(to, "@guildwire"), { recursive: true });
  for (const name of readdirSync(from)) {
    if (name !== "@guildwire") symlinkSync(join(from, name), join(to, name));
  }
  const own = join(from, "@guildwire");
  for (const name of existsSync(own) ? readdirSync(own) : []) {
    const folder = name === "hub" ? "apps/hub" : `packages/${name}`;
    symlinkSync(join(copy, folder), join(to, "@guildwire", name));
  }
}

function run(program: string, ...args: readonly string[]): string {
  try {
    return execFileSync(join(REPOSITORY, "node_modules/.bin", program), args, {
      cwd: copy,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (cause) {
    const { stdout, stderr } = cause as { readonly stdout: string; readonly stderr: string };
    throw new Error(`${program} ${args.join(" ")}\n${stdout}\n${stderr}`);
  }
}

describe("the worked example", () => {
  it.each(touched)("leaves %s well typed", { timeout: SLOW_MS }, (folder) => {
    expect(run("tsc", "-p", folder)).toBe("");
  });

  it("passes its tests and those beside them", { timeout: SLOW_MS }, () => {
    const beside = [
      ...new Set(blocks.map(({ path }) => dirname(path)).filter((path) => path.includes("/test/"))),
    ];
    writeFileSync(
      join(copy, "vitest.config.ts"),
      `export default { test: { testTimeout: 30_000, include: ${JSON.stringify(beside.map((folder) => `${folder}/*.test.ts`))} } };`,
    );
    // What failed is on its stdout, and the report is for us.
    run("vitest", "run", "--reporter=dot", "--reporter=json", "--outputFile=report.json");
    const report = JSON.parse(readFileSync(join(copy, "report.json"), "utf8")) as {
      readonly success: boolean;
      readonly testResults: readonly { readonly name: string }[];
    };
    expect(report.success).toBe(true);
    const ran = report.testResults.map(({ name }) => name);
    for (const { path } of blocks.filter(({ path: one }) => one.endsWith(".test.ts"))) {
      expect(ran).toContainEqual(expect.stringContaining(path));
    }
  });

  it("takes what Discord sends through worker, contract and hub to the page", { timeout: SLOW_MS }, () => {
    const script = join(copy, "packages/discord-gateway-worker/through.ts");
    writeFileSync(
      script,
      `import { decodeDispatch } from "@guildwire/discord-wire";
       import { readDelivery } from "@guildwire/events";
       import { GuildMemory } from "./src/guild/state.ts";
       import { reduce } from "./src/guild/reduce.ts";
       import { snapshotOf } from "./src/guild/guild-create.ts";
       import { projectEvents } from "../../apps/hub/src/voice-topic/project.ts";
       import { viewOf } from "../../apps/hub/src/views/view-projection.ts";
       import { withOps } from "../../apps/hub/src/voice-topic/voice-map.ts";
       import { voiceRooms } from "../client/src/voice-rooms-view.ts";

       const guild = { id: "100", name: "G", icon: null, members: [],
         channels: [{ id: "201", type: 2, guild_id: "100", name: "Lounge", position: 0 }],
         voice_states: [{ channel_id: "201", user_id: "1", session_id: "v" }] };
       const effect = { guild_id: "100", channel_id: "201", user_id: "1", emoji: { id: null, name: "🎉" }, animation_type: 1 };
       const memory = new GuildMemory();
       const told = [];
       for (const [name, d] of [["GUILD_CREATE", guild], ["VOICE_CHANNEL_EFFECT_SEND", effect]]) {
         const { value } = decodeDispatch(name, d);
         const { changes, happenings } = reduce(memory, "100", value, "2026-11-21T09:00:00.000Z");
         memory.apply(changes);
         told.push(...happenings);
       }
       const events = told.map((happening, index) => ({
         ...happening, seq: index + 1, id: "e-" + (index + 1), timestamp: "2026-11-21T09:00:00.000Z" }));
       const read = readDelivery(JSON.parse(JSON.stringify({ source: "100", epoch: "e", events })));
       const known = read.delivery.events.map(({ event }) => event);
       const { ops } = projectEvents(new Map(), undefined, known);
       const state = withOps(new Map(), ops);
       const shown = (show) => {
         const view = { name: "public", access: "anyone", optOut: new Set(), people: { shown: "named", bots: true },
           rooms: { only: undefined, except: new Set(), kinds: new Set(["voice", "stage"]) },
           show: { avatars: true, flags: true, status: true, times: true, ...show } };
         const entries = [...viewOf({ view, pseudonymOf: (text) => text }, state)].map(([key, value]) => [key, [key, value, 1]]);
         return voiceRooms(new Map(entries)).rooms.get("201")?.reaction;
       };
       console.log(JSON.stringify([known.map(({ type }) => type), shown({}), shown({ status: false })]));`,
    );
    expect(JSON.parse(run("node", script))).toEqual([
      ["guild.snapshot", "room.reaction"],
      { emoji: "🎉", atMs: Date.parse("2026-11-21T09:00:00.000Z") },
      null,
    ]);
  });
});
