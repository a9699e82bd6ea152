import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { bytesOf, installedBeside } from "../../src/start/installed.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "installed-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function put(folder: string, manifest: object, content = ""): string {
  const path = join(root, folder);
  mkdirSync(join(path, "lib"), { recursive: true });
  writeFileSync(join(path, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(path, "lib", "code.js"), content);
  return path;
}

it("counts each package once, through links and cycles, and no development ones", () => {
  const app = put("app", {
    name: "app",
    version: "1.0.0",
    dependencies: { a: "1" },
    devDependencies: { dev: "1" },
  });
  const store = (name: string) => `store/${name}/node_modules/${name}`;
  put(store("a"), {
    name: "a",
    version: "1.0.0",
    dependencies: { b: "1" },
    optionalDependencies: { gone: "1" },
  });
  put(store("b"), { name: "b", version: "2.0.0", dependencies: { a: "1" } }, "x".repeat(1_000));
  const link = (from: string, name: string) => {
    mkdirSync(join(root, from, "node_modules"), { recursive: true });
    symlinkSync(join(root, store(name)), join(root, from, "node_modules", name));
  };
  link("app", "a");
  symlinkSync(join(root, store("b")), join(root, "store/a/node_modules/b"));
  symlinkSync(join(root, store("a")), join(root, "store/b/node_modules/a"));

  const { packages, names, bytes } = installedBeside(app);
  expect(names).toEqual(["a@1.0.0", "b@2.0.0"]);
  expect(packages).toBe(2);
  expect(bytes).toBe(bytesOf(join(root, store("a"))) + bytesOf(join(root, store("b"))));
  expect(bytes).toBeGreaterThan(1_000);
});

it("says which package is missing", () => {
  const app = put("app", { name: "app", version: "1.0.0", dependencies: { a: "1" } });
  expect(() => installedBeside(app)).toThrow("a is not installed");
});
