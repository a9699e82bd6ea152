import { describe, expect, it } from "vitest";
import { Scenario } from "./scenario.ts";

describe("a connection that opens", () => {
  it("gets Hello with the heartbeat interval", () => {
    const gateway = new Scenario({ heartbeatIntervalMs: 1234 });
    expect(gateway.log(gateway.open())).toEqual(["10"]);
  });

  it.each([
    [{ v: "10" }, "10"],
    [{ v: "9" }, "close 4012"],
    [{ v: "8" }, "close 4012"],
    [{ v: null }, "close 4012"],
    [{ encoding: "etf" }, "close 4002"],
    [{ encoding: "xml" }, "close 4002"],
    [{ compress: "br" }, "close 4002"],
    [{ compress: "zlib-stream" }, "10"],
    [{ compress: "zstd-stream" }, "10"],
    [{ encoding: null }, "10"],
  ])("with %o is answered %s", (query, answer) => {
    const gateway = new Scenario();
    expect(gateway.log(gateway.open("gateway", query))).toEqual([answer]);
  });

  it("is left alone by `noHello`, as often as it says", () => {
    const gateway = new Scenario({ faults: { noHello: 1 } });
    expect(gateway.log(gateway.open())).toEqual([]);
    expect(gateway.log(gateway.open())).toEqual(["10"]);
  });

  it("waits for a delayed Hello", () => {
    const gateway = new Scenario({ faults: { helloDelayMs: 100 } });
    const connection = gateway.open();
    gateway.pass(99);
    expect(gateway.log(connection)).toEqual([]);
    gateway.pass(1);
    expect(gateway.log(connection)).toEqual(["10"]);
  });

  it("is told to reconnect instead of Hello, and closed when it stays", () => {
    const gateway = new Scenario({ faults: { op7InsteadOfHello: true }, reconnectGraceMs: 3000 });
    const connection = gateway.open();
    gateway.pass(3000);
    expect(gateway.log(connection)).toEqual(["7", "close 4000"]);
  });

  it("is counted when it speaks before Hello", () => {
    const gateway = new Scenario({ faults: { noHello: true } });
    gateway.identify(gateway.open());
    expect(gateway.state.stats.framesBeforeHello).toBe(1);
  });
});
