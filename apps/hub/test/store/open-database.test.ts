import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openDatabase, StorageError } from "@guildwire/runtime/database";
import { describe, expect, it, onTestFinished } from "vitest";
import { HUB_FILE } from "../../src/store/hub-file.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { commitOf, openStore } from "./store-at-work.ts";

function refusal(directory: string): StorageError {
  try {
    openDatabase(directory, HUB_FILE).close();
  } catch (cause) {
    if (cause instanceof StorageError) return cause;
    throw cause;
  }
  throw new Error("the directory was accepted");
}

describe("a data directory that cannot be used", () => {
  it("is refused while another hub has it", () => {
    const directory = temporaryDirectory();
    const first = openDatabase(directory, HUB_FILE);
    onTestFinished(() => first.close());
    expect(refusal(directory)).toMatchObject({
      code: "locked",
      error: { code: "E012", exitCode: 75 },
      message: `another hub is using DATA_DIR ${directory}: stop it, or give this one a directory of its own`,
    });
  });

  it("is free again as soon as an engine was told to close, in the same turn", async () => {
    const first = openStore();
    const committing = first.engine.commit(commitOf("1", 0, [["s", "a", 1]]));
    void first.engine.close();
    const next = openStore(first.directory);
    onTestFinished(async () => await next.engine.close());
    expect(await committing).toMatchObject({ type: "committed" });
    expect((await next.engine.load("1")).entries).toEqual([["a", 1, 1]]);
  });

  it("is refused and left alone when its file is not a database", () => {
    const directory = temporaryDirectory();
    const file = join(directory, HUB_FILE.name);
    const bytes = "these are not the bytes of a database ".repeat(100);
    writeFileSync(file, bytes);
    expect(refusal(directory)).toMatchObject({ code: "damaged", error: { code: "E027", exitCode: 78 } });
    expect(readFileSync(file, "utf8")).toBe(bytes);
  });

  it("is refused when a page in the middle of its file is damaged", async () => {
    const { engine, directory } = openStore();
    const ops = Array.from({ length: 2_000 }, (_, index) => ["s", `u:${index}`, "x".repeat(50)] as const);
    await engine.commit(commitOf("1", 0, ops));
    await engine.close();
    const file = join(directory, HUB_FILE.name);
    const bytes = readFileSync(file);
    for (let page = 5; page < 20; page++) bytes.fill(0xa5, page * 4_096, page * 4_096 + 200);
    writeFileSync(file, bytes);
    expect(refusal(directory)).toMatchObject({ code: "damaged" });
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it("is refused when a newer version wrote it", () => {
    const directory = temporaryDirectory();
    const file = new DatabaseSync(join(directory, HUB_FILE.name));
    file.exec("PRAGMA user_version = 999");
    file.close();
    expect(refusal(directory)).toMatchObject({ code: "newer", error: { code: "E027", exitCode: 78 } });
    expect(refusal(directory).message).toContain("run that version, or set DATA_DIR to another directory");
  });

  it("is refused when it cannot be a directory", () => {
    const file = join(temporaryDirectory(), "file");
    writeFileSync(file, "");
    expect(refusal(file)).toMatchObject({ code: "unusable", error: { code: "E020", exitCode: 78 } });
    expect(refusal(join(file, "below"))).toMatchObject({ code: "unusable" });
  });
});
