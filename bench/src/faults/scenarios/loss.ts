/** A connection is lost in one way or another, and the world is fine again. */
import { HEARTBEAT_INTERVAL_MS, pause } from "../stage.ts";
import { isBeat, isDial, isExit, isIdentify, isResume, isTruncated } from "../timeline.ts";
import {
  crashSince,
  described,
  dialsSince,
  firstClaim,
  firstLife,
  judged,
  type Scenario,
  seconds,
} from "./scenario.ts";

const RESET_WITHIN_MS = 1_500;
const AT_ONCE_MS = 250;
const OUTAGE_MS = 5_000;
const OUTAGE_DIALS_MAX = 10;
const ZOMBIE_WITHIN_MS = 1_000;

const reset: Scenario = {
  name: "reset",
  title: "TCP reset",
  wanted: "RESUME within 1.5 s",
  boundMs: 25_000,
  async run(stage) {
    const fromMs = await stage.live();
    stage.tap.resetAll();
    const claim = await firstClaim(stage, fromMs, 15_000);
    const passed = claim !== undefined && isResume(claim) && claim.atMs - fromMs <= RESET_WITHIN_MS;
    return judged(passed, described(claim, fromMs, 15_000));
  },
};

const reconnect: Scenario = {
  name: "op7",
  title: "op 7 (Reconnect)",
  wanted: "RESUME at once (250 ms)",
  boundMs: 25_000,
  async run(stage) {
    const fromMs = await stage.live();
    stage.sim.act({ type: "reconnect" });
    const claim = await firstClaim(stage, fromMs, 15_000);
    const passed = claim !== undefined && isResume(claim) && claim.atMs - fromMs <= AT_ONCE_MS;
    return judged(passed, described(claim, fromMs, 15_000));
  },
};

const outage: Scenario = {
  name: "outage",
  title: "5 s outage (503 at the upgrade)",
  wanted: "at most 10 dials, no Identify",
  boundMs: 55_000,
  async run(stage) {
    const fromMs = await stage.live();
    stage.tap.knobs.refuseUpgrades = true;
    stage.tap.resetAll();
    await pause(OUTAGE_MS);
    stage.tap.knobs.refuseUpgrades = false;
    const life = await firstLife(stage, fromMs, 30_000);
    const dials = dialsSince(stage, fromMs, fromMs + OUTAGE_MS);
    const identified = stage.timeline.since(fromMs, isIdentify).length > 0;
    const claim =
      stage.timeline.since(fromMs, isResume).at(0) ?? stage.timeline.since(fromMs, isIdentify).at(0) ?? life;
    const passed = dials <= OUTAGE_DIALS_MAX && !identified && life?.kind === "got";
    const then = identified ? "**IDENTIFY**" : described(claim, fromMs, 30_000);
    return judged(passed, `${dials} dials, ${then}`);
  },
};

const zombie: Scenario = {
  name: "zombie",
  title: "Zombie whose peer is gone",
  wanted: "new socket within 1 s of the missed ACK",
  boundMs: 70_000,
  async run(stage) {
    const fromMs = await stage.live();
    stage.tap.silenceAll();
    const dial = await stage.timeline.first(fromMs, 45_000, (moment) => isDial(moment) || isExit(moment));
    if (dial === undefined) return judged(false, "no new socket in 45 s");
    if (dial.kind === "exit") return judged(false, described(dial, fromMs, 0));
    const unanswered = stage.timeline.since(fromMs, isBeat)[0];
    // A client can know at the earliest when the next beat is due and the last has no answer.
    const noticeMs = (unanswered?.atMs ?? fromMs) + HEARTBEAT_INTERVAL_MS;
    const lateMs = dial.atMs - noticeMs;
    const observed = `new socket ${seconds(dial.atMs - fromMs)} after the silence, ${seconds(lateMs)} after the missed ACK`;
    return judged(lateMs <= ZOMBIE_WITHIN_MS, observed);
  },
};

const brokenFrame: Scenario = {
  name: "broken-frame",
  title: "Truncated JSON frame",
  wanted: "one reconnect that asks for the frame again, no crash",
  boundMs: 50_000,
  async run(stage) {
    const fromMs = await stage.live();
    stage.tap.knobs.truncateNextDispatch = true;
    const broken = await stage.timeline.first(fromMs, 10_000, isTruncated);
    if (broken === undefined) throw new Error("no dispatch came to be truncated");
    await pause(12_000);
    const crash = crashSince(stage, fromMs);
    if (crash !== undefined) return judged(false, crash);
    const dials = dialsSince(stage, broken.atMs);
    const resume = stage.timeline.since(broken.atMs, isResume)[0];
    if (dials === 0) return judged(false, "goes on, the event is lost");
    const asksAgain = resume?.seq != null && broken.s !== null && resume.seq < broken.s;
    const how =
      resume === undefined ? "no RESUME" : `RESUME ${asksAgain ? "before" : "**behind**"} the broken frame`;
    return judged(dials === 1 && asksAgain, `${dials} dials in 12 s, ${how}`);
  },
};

const invalidSession: Scenario = {
  name: "op9",
  title: "op 9 (Invalid Session, not resumable)",
  wanted: null,
  boundMs: 40_000,
  async run(stage) {
    const fromMs = await stage.live();
    stage.sim.act({ type: "invalidateSession", resumable: false });
    const claim = await firstClaim(stage, fromMs, 20_000);
    const sameSocket = claim !== undefined && dialsSince(stage, fromMs) === 0 ? ", same socket" : "";
    return { verdict: "note", observed: described(claim, fromMs, 20_000) + sameSocket };
  },
};

export const LOSSES: readonly Scenario[] = [reset, reconnect, outage, zombie, brokenFrame, invalidSession];
