/**
 * `pnpm release`: what someone without this repository needs to run Guildwire with Node alone. Writes into `release/`
 *
 *   guildwire-worker-<version>.tar.gz   dist/main.js and its four runtime dependencies
 *   guildwire-hub-<version>.tar.gz      dist/server/main.js; everything it needs is inside
 *   guildwire-sim-<version>.tar.gz      bin/guildwire-sim.js; everything it needs is inside
 *   guildwire-receiver-<version>.tar.gz for a receiver of your own: `npm install ./guildwire-receiver-<version>.tar.gz`
 *   <name>-<version>.cdx.json           of worker and hub: a bill of materials, CycloneDX
 *   SHA256SUMS                          for `sha256sum --check SHA256SUMS`
 *
 * The same commit makes the same archives: names are sorted, times and owners are fixed.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { create } from "tar";
import { manifestOf, REPOSITORY } from "./source-tree.ts";

interface Product {
  readonly name: string;
  /** The workspace's name of it, which the bill of materials is made for; `undefined`: nothing to list. */
  readonly workspace: string | undefined;
  /** Puts everything but the licence into the folder. */
  readonly fill: (folder: string) => void;
}

/** Of every file in an archive. */
const LONG_AGO = new Date(0);

const PRODUCTS: readonly Product[] = [
  {
    name: "guildwire-worker",
    workspace: "@guildwire/discord-gateway-worker",
    fill: (folder) => {
      // Plain folders instead of links, which not every unpacker makes.
      const flat = "--config.node-linker=hoisted";
      pnpm("--filter", "@guildwire/discord-gateway-worker", "deploy", "--prod", flat, folder);
      keepOnly(folder, (name) => ["dist", "node_modules", "package.json"].includes(name));
      // The installer's own notes, which name this machine's folders.
      keepOnly(join(folder, "node_modules"), (name) => !name.startsWith("."));
    },
  },
  { name: "guildwire-hub", workspace: "@guildwire/hub", fill: copyOf("apps/hub", ["dist", "package.json"]) },
  {
    name: "guildwire-receiver",
    workspace: undefined,
    fill: (folder) => {
      copyOf("packages/receiver", ["dist", "README.md"])(folder);
      // As `pnpm publish` would write it: what the outside imports is what was built.
      const {
        publishConfig,
        devDependencies: _development,
        scripts: _scripts,
        ...manifest
      } = manifestOf("packages/receiver");
      writeFileSync(
        join(folder, "package.json"),
        `${JSON.stringify({ ...manifest, ...publishConfig }, null, 2)}\n`,
      );
    },
  },
  {
    name: "guildwire-sim",
    workspace: undefined,
    fill: copyOf("packages/discord-sim", ["bin", "dist", "package.json", "README.md"]),
  },
];

const { values } = parseArgs({ options: { out: { type: "string", default: "release" } } });
const out = resolve(REPOSITORY, values.out);
const { version } = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")) as { version: string };

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const staging = mkdtempSync(join(tmpdir(), "guildwire-release-"));
try {
  for (const product of PRODUCTS) pack(product);
} finally {
  rmSync(staging, { recursive: true, force: true });
}
const sums = readdirSync(out)
  .toSorted()
  .map((name) => `${sha256(join(out, name))}  ${name}\n`);
writeFileSync(join(out, "SHA256SUMS"), sums.join(""));
process.stdout.write(`${relative(process.cwd(), out)}\n${sums.join("")}`);

function pack({ name, workspace, fill }: Product): void {
  const folder = `${name}-${version}`;
  fill(join(staging, folder));
  cpSync(join(REPOSITORY, "LICENSE"), join(staging, folder, "LICENSE"));
  const files = readdirSync(join(staging, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(staging, join(entry.parentPath, entry.name)))
    .toSorted();
  create(
    {
      sync: true,
      cwd: staging,
      file: join(out, `${folder}.tar.gz`),
      gzip: true,
      portable: true,
      mtime: LONG_AGO,
    },
    files,
  );
  if (workspace === undefined) return;
  const bill = pnpm("--filter", workspace, "sbom", "--prod", "--sbom-format", "cyclonedx");
  writeFileSync(join(out, `${folder}.cdx.json`), bill);
}

function copyOf(from: string, names: readonly string[]): Product["fill"] {
  return (folder) => {
    for (const name of names) {
      cpSync(join(REPOSITORY, from, name), join(folder, name), { recursive: true });
    }
  };
}

function keepOnly(folder: string, isWanted: (name: string) => boolean): void {
  for (const name of readdirSync(folder)) {
    if (!isWanted(name)) rmSync(join(folder, name), { recursive: true });
  }
}

/** The pnpm that runs this script. */
function pnpm(...args: readonly string[]): string {
  // biome-ignore lint/suspicious/noUndeclaredEnvVars: set by pnpm for its scripts; no task of turbo reads it
  const runner = process.env["npm_execpath"];
  if (runner === undefined)
    throw new Error("run this as `pnpm release`: it builds first, and calls pnpm itself");
  const isScript = /\.[cm]?js$/.test(runner);
  return execFileSync(isScript ? process.execPath : runner, isScript ? [runner, ...args] : args, {
    cwd: REPOSITORY,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 64 * 1024 * 1024,
  });
}

function sha256(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}
