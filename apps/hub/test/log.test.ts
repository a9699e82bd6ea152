import { expect, it } from "vitest";
import { linesOf } from "./log-lines.ts";

it("is one JSON line for each event, in the shape of the worker's", () => {
  const lines: string[] = [];
  const log = linesOf(lines, () => 0);
  log.warn("loud", { seq: 5, nothing: undefined });
  log.error("louder", {}, "read this");
  expect(lines).toEqual([
    '{"level":"warn","time":"1970-01-01T00:00:00.000Z","app":"guildwire-hub","event":"loud","seq":5}\n',
    '{"level":"error","time":"1970-01-01T00:00:00.000Z","app":"guildwire-hub","event":"louder","msg":"read this"}\n',
  ]);
});
