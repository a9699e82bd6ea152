import { expect, it } from "vitest";
import { createLog } from "../src/log.ts";

it("writes one JSON line for each event from its level on", () => {
  const lines: string[] = [];
  const log = createLog({ level: "warn", nowMs: () => 0, write: (line) => lines.push(line) });
  log.info("quiet");
  log.warn("loud", { seq: 5, nothing: undefined });
  log.error("louder");
  expect(lines).toEqual([
    '{"level":"warn","time":"1970-01-01T00:00:00.000Z","app":"guildwire-hub","event":"loud","seq":5}\n',
    '{"level":"error","time":"1970-01-01T00:00:00.000Z","app":"guildwire-hub","event":"louder"}\n',
  ]);
});
