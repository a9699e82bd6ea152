import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { unreadableEnvFiles } from "../../src/environment/utf16.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

it("names the `.env` files in UTF-16, with or without a byte order mark, and what to do", () => {
  const directory = temporaryDirectory();
  const write = (name: string, bytes: Buffer) => writeFileSync(join(directory, name), bytes);
  write(".env", Buffer.from("\ufeffPORT=1", "utf16le"));
  write(".env.local", Buffer.from("PORT=1", "utf16le"));
  write(".env.production", Buffer.from("\ufeffPORT=1", "utf8"));
  write(".env.production.local", Buffer.from(""));
  write(".env.example", Buffer.from("PORT=1", "utf16le"));
  expect(unreadableEnvFiles(directory)).toEqual([
    expect.stringMatching(/^\.env is not read: it is in UTF-16; save it as UTF-8/),
    expect.stringMatching(/^\.env\.local is not read/),
  ]);
});

it("finds nothing in a directory that is not there", () => {
  expect(unreadableEnvFiles(join(temporaryDirectory(), "none"))).toEqual([]);
});
