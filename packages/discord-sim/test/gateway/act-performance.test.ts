import { describe, expect, it } from "vitest";
import type { Act } from "../../src/fault/act.ts";
import { Scenario } from "./scenario.ts";

describe("acts on live connections", () => {
  it.each<[Act, string]>([
    [{ type: "reconnect" }, "7"],
    [{ type: "drop" }, "destroy"],
    [{ type: "close", code: 4000 }, "close 4000"],
    [{ type: "requestHeartbeat" }, "1"],
    [{ type: "invalidateSession", resumable: true }, "9:true"],
    [{ type: "invalidateSession", resumable: false }, "9:false"],
    [{ type: "duplicateDispatch" }, "GUILD_CREATE#2"],
  ])("%o is %s on the wire, for each of them", (act, word) => {
    const gateway = new Scenario();
    const connections = [gateway.live(), gateway.live()];
    gateway.act(act);
    for (const connection of connections) {
      expect(gateway.log(connection).slice(3)).toEqual([word]);
    }
  });

  it.each<[Act, boolean]>([
    [{ type: "drop" }, true],
    [{ type: "close", code: 4000 }, true],
    [{ type: "close", code: 4009 }, false],
    [{ type: "close", code: 1000 }, false],
    [{ type: "invalidateSession", resumable: true }, true],
    [{ type: "invalidateSession", resumable: false }, false],
  ])("%o leaves a session to resume: %s", (act, resumable) => {
    const gateway = new Scenario();
    const first = gateway.live();
    gateway.act(act);
    const second = gateway.open("resume");
    gateway.resume(second, gateway.sessionId(first), 2);
    expect(gateway.log(second)).toEqual(["10", resumable ? "RESUMED#3" : "9:false"]);
  });

  it("closes a client that stays after op 7, and one that went by itself is left alone", () => {
    const gateway = new Scenario({ reconnectGraceMs: 2000 });
    const [stays, goes] = [gateway.live(), gateway.live()];
    gateway.act({ type: "reconnect" });
    gateway.closedByClient(goes, 4200);
    gateway.pass(2000);
    expect(gateway.log(stays).at(-1)).toBe("close 4000");
    expect(gateway.log(goes).at(-1)).toBe("7");
  });

  it("sends every dispatch twice while `duplicateDispatches` lasts", () => {
    const gateway = new Scenario();
    const connection = gateway.live();
    gateway.setFaults({ duplicateDispatches: 1 });
    gateway.command({ type: "renameGuild", name: "A" });
    gateway.command({ type: "renameGuild", name: "B" });
    expect(gateway.log(connection).slice(3)).toEqual(["GUILD_UPDATE#3", "GUILD_UPDATE#3", "GUILD_UPDATE#4"]);
  });
});
