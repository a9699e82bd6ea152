/** The repository as its rules see it: source files, what each imports, and what its package may use. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));

export interface SourceFile {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** Specifiers of `import`, `export … from` and `import()`, as written. */
  readonly imports: readonly string[];
}

export interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  /** What a published package has in place of what the workspace uses. */
  readonly publishConfig?: object;
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s(?:[^"';]*?\sfrom\s)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/g;

/** Folder of every workspace package, from the root. */
export function packageFolders(): readonly string[] {
  return ["packages", "apps", "examples", "internal"].flatMap((group) =>
    readdirSync(join(REPOSITORY, group), { withFileTypes: true })
      .map((entry) => `${group}/${entry.name}`)
      .filter((folder) => existsSync(join(REPOSITORY, folder, "package.json"))),
  );
}

export function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(REPOSITORY, folder, "package.json"), "utf8")) as Manifest;
}

/** TypeScript files below a folder, generated ones left out. */
export function sourceFiles(folder: string): readonly SourceFile[] {
  const found: SourceFile[] = [];
  const visit = (directory: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== "node_modules" && entry.name !== "dist") visit(path);
      } else if (/\.tsx?$/.test(entry.name) && !entry.name.includes(".gen.")) {
        found.push(readSource(path));
      }
    }
  };
  visit(join(REPOSITORY, folder));
  return found;
}

function readSource(path: string): SourceFile {
  const text = readFileSync(path, "utf8");
  const imports = [...text.matchAll(IMPORT)].flatMap((match) => match[1] ?? match[2] ?? []);
  return { path: relative(REPOSITORY, path).replaceAll("\\", "/"), text, imports };
}

/** A relative specifier as a path from the root; `undefined` for a package's. */
export function resolveRelative(from: SourceFile, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  return join(dirname(from.path), specifier.replace(/\?.*$/, "")).replaceAll("\\", "/");
}

/** `@scope/name/sub` → `@scope/name`, `name/sub` → `name`. */
export function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
