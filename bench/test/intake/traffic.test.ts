import { describe, expect, it } from "vitest";
import { decodeDispatch } from "../../../packages/discord-wire/src/index.ts";
import {
  LAST_NAME,
  OUR_GUILD_ID,
  type Told,
  Traffic,
  type TrafficOptions,
} from "../../src/intake/traffic.ts";

const LIFE: TrafficOptions = { guilds: 8, people: 40, rooms: 6, oursShare: 0.25, mix: "life" };
const COUNT = 4_000;

function burst(options: TrafficOptions): readonly Told[] {
  return [...new Traffic(options).burst(COUNT)];
}

function isOurs(told: Told): boolean {
  return JSON.stringify(told).includes(OUR_GUILD_ID);
}

describe("the burst", () => {
  it("has the parts it is said to have", () => {
    const told = burst(LIFE);
    expect(told).toHaveLength(COUNT);
    const share = (name: string) => told.filter(({ t }) => t === name).length / COUNT;
    expect(share("PRESENCE_UPDATE")).toBeCloseTo(0.45, 1);
    expect(share("MESSAGE_CREATE")).toBeCloseTo(0.25, 1);
    expect(share("VOICE_STATE_UPDATE")).toBeCloseTo(0.12, 1);
    expect(share("TYPING_START")).toBeCloseTo(0.1, 1);
    expect(share("GUILD_MEMBER_UPDATE")).toBeCloseTo(0.05, 1);
    expect(share("MESSAGE_REACTION_ADD")).toBeCloseTo(0.03, 1);
  });

  it.each([0.01, 0.25, 1])("is about our guild in %f of its frames", (oursShare) => {
    expect(burst({ ...LIFE, oursShare }).filter(isOurs).length).toBeCloseTo(COUNT * oursShare, -1);
  });

  it("is of the size that frames have in life", () => {
    const told = burst(LIFE);
    const meanOf = (name: string) => {
      const sizes = told.filter(({ t }) => t === name).map((one) => JSON.stringify(one).length);
      return sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    };
    // Recorded: 547, 1,272 and 883 bytes.
    expect(meanOf("PRESENCE_UPDATE")).toBeGreaterThan(400);
    expect(meanOf("PRESENCE_UPDATE")).toBeLessThan(700);
    expect(meanOf("MESSAGE_CREATE")).toBeGreaterThan(950);
    expect(meanOf("MESSAGE_CREATE")).toBeLessThan(1_400);
    expect(meanOf("VOICE_STATE_UPDATE")).toBeGreaterThan(750);
    expect(meanOf("VOICE_STATE_UPDATE")).toBeLessThan(1_000);
  });

  it("is read by our decoders", () => {
    const traffic = new Traffic(LIFE);
    const all = [traffic.ready("ws://127.0.0.1:1"), ...traffic.guilds(), ...traffic.burst(COUNT)];
    const problems = all.flatMap(({ t, d }) => {
      const outcome = decodeDispatch(t, d);
      return outcome === undefined || outcome.ok ? [] : [`${t}: ${outcome.problem}`];
    });
    expect(problems).toEqual([]);
  });

  it("ends with a name nobody had", () => {
    const told = burst(LIFE);
    const withIt = told.filter((one) => JSON.stringify(one).includes(LAST_NAME));
    expect(withIt).toEqual([told.at(-1)]);
  });

  it("is the same again", () => {
    expect(burst(LIFE)).toEqual(burst(LIFE));
  });

  it("can be of voice alone", () => {
    const names = burst({ ...LIFE, oursShare: 1, mix: "voice" })
      .slice(0, -1)
      .map(({ t }) => t);
    expect(names.filter((name) => name === "VOICE_STATE_UPDATE").length).toBeGreaterThan(COUNT * 0.95);
  });
});
