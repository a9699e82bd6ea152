import { expect, it } from "vitest";
import { textLine } from "../../src/log/text-format.ts";

const RECORD = {
  level: "warn",
  time: "2026-11-27T10:11:12.345Z",
  app: "guildwire-worker",
  event: "gateway_connection_lost",
  code: 4008,
  detail: "two words",
  until: null,
  msg: "connection to Discord lost",
};

it("writes time, level and message, and the other fields behind them", () => {
  expect(textLine(`${JSON.stringify(RECORD)}\n`, false)).toBe(
    '10:11:12.345 warn  connection to Discord lost  event=gateway_connection_lost code=4008 detail="two words"\n',
  );
});

it("writes the event where there is no message, and what is no record as it is", () => {
  const { level, time, event } = RECORD;
  expect(textLine(JSON.stringify({ level, time, event }), false)).toBe(
    "10:11:12.345 warn  gateway_connection_lost\n",
  );
  expect(textLine("plain\n", false)).toBe("plain\n");
});

it("colours only where it is told to", () => {
  expect(textLine(JSON.stringify(RECORD), true)).toContain("\u001b[33mwarn");
  expect(textLine(JSON.stringify(RECORD), false)).not.toContain("\u001b");
});
