/** What a production install of a package brings: every package it comes to by its dependencies, and their bytes. */
import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, parse } from "node:path";

export interface Installed {
  /** Without the package itself. */
  readonly packages: number;
  readonly bytes: number;
  /** `name@version`, sorted. */
  readonly names: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Of what stands in the `dependencies` of the package in `folder`, or of those named alone. */
export function installedBeside(folder: string, only?: readonly string[]): Installed {
  const found = new Map<string, number>();
  const waiting = (only ?? dependenciesOf(folder)).map((name) => resolved(name, folder));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { name, version } = manifestOf(next);
    const id = `${name}@${version}`;
    if (found.has(id)) continue;
    found.set(id, bytesOf(next));
    const from = next;
    waiting.push(...dependenciesOf(next).map((dependency) => resolved(dependency, from)));
  }
  return {
    packages: found.size,
    bytes: [...found.values()].reduce((sum, bytes) => sum + bytes, 0),
    names: [...found.keys()].toSorted(),
  };
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

/** Optional ones count where they are: an installer leaves out those of other systems. */
function dependenciesOf(folder: string): readonly string[] {
  const { dependencies = {}, optionalDependencies = {} } = manifestOf(folder);
  const optional = Object.keys(optionalDependencies);
  const needed = Object.keys(dependencies).filter((name) => !optional.includes(name));
  return [...needed, ...optional.filter((name) => find(name, folder) !== undefined)];
}

function resolved(name: string, from: string): string {
  const folder = find(name, from);
  if (folder === undefined) throw new Error(`${name} is not installed for ${from}`);
  return folder;
}

/** As Node looks for it, from the real place upwards. */
function find(name: string, from: string): string | undefined {
  const { root } = parse(from);
  for (let folder = realpathSync(from); folder !== root; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (existsSync(join(candidate, "package.json"))) return realpathSync(candidate);
  }
  return undefined;
}

/** Of all files, without what is installed below it. */
export function bytesOf(folder: string, counts: (name: string) => boolean = () => true): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    if (entry.name === "node_modules") return sum;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sum + bytesOf(path, counts);
    return counts(entry.name) ? sum + lstatSync(path).size : sum;
  }, 0);
}
