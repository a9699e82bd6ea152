import { EngineUnavailableError } from "@guildwire/live";
import { StorageError } from "@guildwire/runtime/database";
import { describe, expect, it } from "vitest";
import { endingOf } from "../../src/server/ending.ts";

const HERE = { port: 80, host: undefined, dataDir: "/data" };

function failure(properties: object): Error {
  return Object.assign(new Error("no"), properties);
}

describe("the end of a hub", () => {
  it.each([
    ["a directory in use", new StorageError("locked", "m"), "E012", 75],
    ["a damaged file", new StorageError("damaged", "m"), "E027", 78],
    ["a directory that cannot be written", new StorageError("unusable", "m"), "E020", 78],
    ["a full disk", new StorageError("diskFull", "m"), "E009", 75],
    ["a disk that fails", new StorageError("failed", "m"), "E004", 75],
    [
      "views that cannot be applied",
      new EngineUnavailableError("", { cause: failure({ errcode: 13 }) }),
      "E009",
      75,
    ],
    ["a port in use", failure({ code: "EADDRINUSE", syscall: "listen" }), "E017", 78],
    ["a port of the system's", failure({ code: "EACCES", syscall: "listen" }), "E017", 78],
    ["a strange host", failure({ code: "ENOTFOUND", syscall: "getaddrinfo" }), "E017", 78],
    ["anything else", new Error("?"), "E005", 70],
  ])("for %s has a code, and tells a supervisor what to do", (_, cause, code, exitCode) => {
    expect(endingOf(cause, HERE).error).toMatchObject({ code, exitCode });
  });

  it("says what to do about a port", () => {
    const cause = failure({ code: "EADDRINUSE", syscall: "listen" });
    expect(endingOf(cause, HERE).message).toMatch(/^PORT 80 is taken by another process: .*set PORT/);
    expect(endingOf(cause, { ...HERE, host: "::1" }).message).toMatch(/^PORT 80 of HOST ::1 is taken/);
  });
});
