/** The first seconds of a connection go wrong. */
import { pause } from "../stage.ts";
import { isDial, isExit, isIdentify, type Timed } from "../timeline.ts";
import { described, dialsSince, firstClaim, judged, type Scenario, seconds } from "./scenario.ts";

const HELLO_GIVEN_UP_MS = 15_000;
const FLAP_MS = 20_000;
const FLAP_CONNECTIONS_MAX = 6;

const noHello: Scenario = {
  name: "no-hello",
  title: "Hello never comes",
  wanted: "given up within 15 s",
  boundMs: 55_000,
  async run(stage) {
    stage.setFaults({ noHello: 1 });
    stage.startClient();
    const first = await stage.timeline.first(0, 20_000, isDial);
    if (first === undefined) throw new Error("never dialled");
    const fromMs = first.atMs;
    const next = await stage.timeline.first(
      fromMs + 1,
      45_000,
      (moment): moment is Timed =>
        isExit(moment) || (isDial(moment) && moment.connection !== first.connection),
    );
    if (next === undefined) return judged(false, "no new dial in 45 s");
    if (next.kind === "exit") return judged(false, described(next, fromMs, 0));
    return judged(next.atMs - fromMs <= HELLO_GIVEN_UP_MS, `next dial after ${seconds(next.atMs - fromMs)}`);
  },
};

const helloWithUpgrade: Scenario = {
  name: "hello-with-101",
  title: "Hello in the same TCP segment as the 101",
  wanted: "is read",
  boundMs: 30_000,
  async run(stage) {
    stage.tap.knobs.helloWithUpgrade = true;
    stage.startClient();
    const dial = await stage.timeline.first(0, 20_000, isDial);
    if (dial === undefined) throw new Error("never dialled");
    const claim = await firstClaim(stage, dial.atMs, 8_000);
    const passed = claim !== undefined && isIdentify(claim) && claim.connection === dial.connection;
    return judged(
      passed,
      claim === undefined ? "**Hello lost**" : passed ? "read" : described(claim, dial.atMs, 0),
    );
  },
};

const flapBeforeHello: Scenario = {
  name: "flap-before-hello",
  title: "Flapping: close 1000 before Hello, every time",
  wanted: "at most 6 connections in 20 s",
  boundMs: 50_000,
  async run(stage) {
    const fromMs = await stage.live();
    stage.tap.knobs.closeBeforeHello = 1000;
    stage.tap.resetAll();
    await pause(FLAP_MS);
    const dials = dialsSince(stage, fromMs);
    return judged(dials <= FLAP_CONNECTIONS_MAX, `${dials} connections`);
  },
};

export const GREETINGS: readonly Scenario[] = [noHello, helloWithUpgrade, flapBeforeHello];
