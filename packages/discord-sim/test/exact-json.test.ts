import { describe, expect, it } from "vitest";
import { parseExactJson } from "../src/exact-json.ts";

describe("JSON from clients", () => {
  it.each([
    ['{"a":9007199254740993}', { a: "9007199254740993" }],
    ["[1234567890123456789, -12345678901234567890]", ["1234567890123456789", "-12345678901234567890"]],
    ['{"a": 1234567890123456}', { a: 1_234_567_890_123_456 }],
    ['{"a":"x: 12345678901234567890","b":1}', { a: "x: 12345678901234567890", b: 1 }],
    ['{"a":"\\\\\\": 12345678901234567890"}', { a: '\\": 12345678901234567890' }],
    ['{"a": 1234567890123456.5}', { a: 1_234_567_890_123_456.5 }],
  ])("%s keeps all digits of ids and leaves texts alone", (text, value) => {
    expect(parseExactJson(text)).toEqual(value);
  });
});
