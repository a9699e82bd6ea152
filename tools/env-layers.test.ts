/** The scripts that load `.env` files, run as they stand, with a command that prints what arrives. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const DOTENV = join(ROOT, "node_modules/dotenv-cli/cli.js");

interface Script {
  readonly title: string;
  /** What stands before the command: the options of `dotenv`. */
  readonly options: readonly string[];
}

const scripts: readonly Script[] = manifests().flatMap((path) => {
  const { scripts = {} } = JSON.parse(readFileSync(join(ROOT, path), "utf8"));
  return Object.entries<string>(scripts).flatMap(([name, line]) => {
    const options = /\bdotenv (.*?) -- /.exec(line)?.[1]?.split(" ");
    return options === undefined ? [] : [{ title: `${name} of ${path}`, options }];
  });
});

function manifests(): readonly string[] {
  const folders = ["packages", "apps", "internal"].flatMap((parent) =>
    names(parent).map((name) => join(parent, name, "package.json")),
  );
  return ["package.json", ...folders.filter((path) => names(join(path, "..")).includes("package.json"))];
}

function names(directory: string): readonly string[] {
  try {
    return readdirSync(join(ROOT, directory));
  } catch {
    return [];
  }
}

/** What a process sees that a script starts in a directory two levels below one with the root's files. */
function arrived(
  options: readonly string[],
  files: Record<string, string>,
  env: Record<string, string> = {},
) {
  const root = mkdtempSync(join(tmpdir(), "guildwire-layers-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const cwd = join(root, "packages", "one");
  mkdirSync(cwd, { recursive: true });
  for (const [path, text] of Object.entries(files)) writeFileSync(join(root, path), text);
  const printed = execFileSync(
    process.execPath,
    [DOTENV, ...options, "--", process.execPath, "-p", "JSON.stringify(process.env)"],
    { cwd, env: { ...env, PATH: process.env["PATH"] ?? "" }, encoding: "utf8" },
  );
  return JSON.parse(printed) as Record<string, string | undefined>;
}

const RAW = ["a$b$", "{PATH}d$PATH\\$e`f`"].join("");

describe.each(scripts)("$title", ({ options }) => {
  it("hands on values with `$` exactly as they were set, in a file and in the real environment", () => {
    const seen = arrived(
      options,
      { "packages/one/.env": `IN_FILE='${RAW}'\nPLAIN=a$b\n` },
      { REAL: RAW, PLAIN: "" },
    );
    expect(seen).toMatchObject({ IN_FILE: RAW, REAL: RAW });
  });
});

it("the worker's own layers win over the root's, and the real environment over all", () => {
  const script = scripts.find(({ title }) => title.startsWith("start of packages/discord-gateway-worker"));
  const files = {
    ".env": "A=root\nB=root\nC=root\nD=root\n",
    ".env.production.local": "B=root production\nC=root production\nD=root production\n",
    "packages/one/.env": "C=own\nD=own\n",
    "packages/one/.env.local": "D=own local\n",
  };
  expect(arrived(script?.options ?? [], files, { E: "real" })).toMatchObject({
    A: "root",
    B: "root production",
    C: "own",
    D: "own local",
    E: "real",
  });
});
