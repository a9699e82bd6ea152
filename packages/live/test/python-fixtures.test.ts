/** The client in examples/python, written from docs/protocol.md alone, against the same fixtures as our own two ends. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const CHECK = fileURLToPath(new URL("../../../examples/python/check_fixtures.py", import.meta.url));
const RECENT = "import sys; sys.exit(sys.version_info < (3, 10))";
const isMissing = spawnSync("python3", ["-c", RECENT]).status !== 0;
const note = isMissing ? " (not run: there is no python3 of 3.10 or newer here)" : "";

it.skipIf(isMissing)(`a client in Python passes the fixtures${note}`, () => {
  const { status, stdout, stderr } = spawnSync("python3", ["-B", CHECK], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^[1-9]\d{2,} passed, 0 failed\n$/);
  expect(status).toBe(0);
});
