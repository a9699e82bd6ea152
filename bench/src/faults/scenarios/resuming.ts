/** The Resume goes wrong, or the place it should go to. */
import { pause, type Stage } from "../stage.ts";
import { isExit, isIdentify, isLive, isResume } from "../timeline.ts";
import {
  crashSince,
  described,
  dialsSince,
  firstLife,
  judged,
  type Outcome,
  type Scenario,
  seconds,
} from "./scenario.ts";

const RECOVERED_WITHIN_MS = 15_000;
const WATCHED_MS = 42_000;

async function unanswered(stage: Stage, occasions: true | 1): Promise<Outcome> {
  const fromMs = await stage.live();
  stage.setFaults({ neverAnswerResume: occasions });
  stage.tap.resetAll();
  const resume = await stage.timeline.first(fromMs, 20_000, (moment) => isResume(moment) || isExit(moment));
  if (resume === undefined || resume.kind === "exit") return judged(false, described(resume, fromMs, 20_000));
  const life = await firstLife(stage, resume.atMs, WATCHED_MS);
  if (life?.kind !== "got") return judged(false, `not live in ${seconds(WATCHED_MS)}`);
  const afterMs = life.atMs - resume.atMs;
  return judged(afterMs <= RECOVERED_WITHIN_MS, `${life.t} after ${seconds(afterMs)}`);
}

const resumeUnanswered: Scenario = {
  name: "resume-unanswered",
  title: "A RESUME is never answered (ACKs flow)",
  wanted: "live again within 15 s",
  boundMs: 85_000,
  run: (stage) => unanswered(stage, 1),
};

const everyResumeUnanswered: Scenario = {
  name: "every-resume-unanswered",
  title: "No RESUME is ever answered (ACKs flow)",
  wanted: "live again within 15 s",
  boundMs: 85_000,
  run: (stage) => unanswered(stage, true),
};

const everyResumeDropped: Scenario = {
  name: "every-resume-dropped",
  title: "Every RESUME drops the connection: RESUMEs in 18 s, then",
  wanted: null,
  boundMs: 50_000,
  async run(stage) {
    const fromMs = await stage.live();
    stage.setFaults({ dropResume: true });
    stage.tap.resetAll();
    await pause(18_000);
    const resumes = stage.timeline.since(fromMs, isResume).length;
    const identify = stage.timeline.since(fromMs, isIdentify)[0];
    const then =
      identify === undefined ? (crashSince(stage, fromMs) ?? "no Identify") : described(identify, fromMs, 0);
    return { verdict: "note", observed: `${resumes}, ${then}` };
  },
};

const deadResumeUrl: Scenario = {
  name: "dead-resume-url",
  title: "The resume URL refuses, the main URL works",
  wanted: "RESUME of the same session at the main URL",
  boundMs: 60_000,
  async run(stage) {
    const fromMs = await stage.live();
    const session = stage.timeline.since(0, isLive)[0]?.sessionId;
    stage.tap.closeResumeDoor();
    stage.tap.resetAll();
    const life = await firstLife(stage, fromMs, 30_000);
    if (life?.kind !== "got") {
      return judged(
        false,
        `${life === undefined ? "not live in 30 s" : described(life, fromMs, 0)} (${dialsSince(stage, fromMs)} dials at the main URL)`,
      );
    }
    const resumes = stage.timeline.since(fromMs, isResume);
    const identified = stage.timeline.since(fromMs, isIdentify).length > 0;
    const same = resumes.some((resume) => resume.sessionId === session && resume.door === "main");
    const after = `live after ${seconds(life.atMs - fromMs)}`;
    return judged(same && !identified, identified ? `**IDENTIFY**, ${after}` : `RESUME, ${after}`);
  },
};

export const RESUMINGS: readonly Scenario[] = [
  resumeUnanswered,
  everyResumeUnanswered,
  deadResumeUrl,
  everyResumeDropped,
];
