import { expect, it } from "vitest";
import { readCommand } from "../../src/command/command-line.ts";

it.each([
  [[], { name: "run" }],
  [["status"], { name: "status", json: false, url: undefined }],
  [["status", "--json", "--url", "http://hub:3000"], { name: "status", json: true, url: "http://hub:3000" }],
  [["status-token"], { name: "status-token" }],
  [["explain", "E009"], { name: "explain", code: "E009" }],
  [["--help"], { name: "help" }],
  [["--version"], { name: "version" }],
])("the words %j are a command", (words, command) => {
  expect(readCommand(words)).toEqual({ ok: true, command });
});

it.each([
  [["sta"], "there is no command sta"],
  [["status", "now"], "status takes no word such as now"],
  [["version", "--json"], "version takes no options"],
  [["status", "--url", "hub:3000"], "--url must be like"],
  [["--colour"], "Unknown option"],
])("the words %j are none, and it is said why", (words, problem) => {
  expect(readCommand(words)).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
});
