/**
 * The kinds of faults, one row each. A run switches whole kinds off at random (swarm testing): a fault that is always
 * there hides what only shows without it. Every kind ends by itself or in `calm`.
 */
import type { Act, Faults } from "@guildwire/discord-sim";
import type { Chance } from "@guildwire/runtime/random";
import type { ConsumerMood } from "./client-life.ts";
import type { FaultyNetwork } from "./faulty-network.ts";
import type { RestMood } from "./rest-stand-in.ts";

/** What a fault can get at. */
export interface Stage {
  readonly network: FaultyNetwork;
  readonly rest: RestMood;
  readonly consumer: ConsumerMood;
  setFaults(faults: Partial<Faults>): void;
  act(act: Act): void;
  /** The process is killed, or stopped in good order, and another one starts. */
  crash(): void;
  restart(keepSession: boolean): Promise<void>;
  /** The application asks for so many frames to be sent. */
  sendCommands(count: number): void;
}

type Strike = (stage: Stage, chance: Chance) => void | Promise<void>;

const some = (chance: Chance): number => 1 + chance.below(3);
/** Codes after which Discord is there again, whether or not it keeps the session. */
const CLOSE_CODES = [1000, 1001, 1006, 4000, 4001, 4002, 4003, 4005, 4007, 4008, 4009, 4900] as const;

const act = (made: Act): Strike => {
  return (stage) => stage.act(made);
};
const occasion = (name: keyof Faults): Strike => {
  return (stage, chance) => stage.setFaults({ [name]: some(chance) });
};

export const FAULT_KINDS = {
  cut: ({ network }) => network.each((link) => link.cut()),
  deafLink: ({ network }) => network.each((link) => link.goDeaf()),
  hangingDial: ({ network }, chance) => {
    network.mood.hangingDials = some(chance);
  },
  lateDown: ({ network }, chance) => {
    network.mood.downDelayMs = chance.pick([0, 20, 300, 4_000, 12_000]);
  },
  lateUp: ({ network }, chance) => {
    network.mood.upDelayMs = chance.pick([0, 20, 300, 4_000, 12_000]);
  },
  drop: act({ type: "drop" }),
  halfOpen: act({ type: "halfOpen" }),
  reconnect: act({ type: "reconnect" }),
  requestHeartbeat: act({ type: "requestHeartbeat" }),
  repeatDispatch: act({ type: "duplicateDispatch" }),
  invalidSession: (stage, chance) => stage.act({ type: "invalidateSession", resumable: chance.odds(0.5) }),
  close: (stage, chance) => stage.act({ type: "close", code: chance.pick(CLOSE_CODES) }),
  refuseUpgrade: occasion("refuseUpgrade"),
  resumeUrlRefused: occasion("resumeUrlRefused"),
  noHello: occasion("noHello"),
  op7InsteadOfHello: occasion("op7InsteadOfHello"),
  withholdAck: occasion("withholdAck"),
  neverAnswerIdentify: occasion("neverAnswerIdentify"),
  refuseIdentify: occasion("refuseIdentify"),
  dropResume: occasion("dropResume"),
  neverAnswerResume: occasion("neverAnswerResume"),
  refuseResume: occasion("refuseResume"),
  duplicateDispatches: occasion("duplicateDispatches"),
  loseDispatches: occasion("loseDispatches"),
  garbage: occasion("garbage"),
  seqJump: (stage, chance) => stage.setFaults({ seqJump: chance.below(4) }),
  helloDelay: (stage, chance) => stage.setFaults({ helloDelayMs: chance.pick([0, 500, 9_000, 15_000]) }),
  closeAfterReady: (stage, chance) =>
    stage.setFaults({ closeAfterReady: chance.pick([null, 1000, 1001, 4000, 4009]) }),
  restUnreachable: ({ rest }, chance) => {
    rest.unreachable = some(chance);
  },
  restHanging: ({ rest }, chance) => {
    rest.hanging = some(chance);
  },
  identifyBudgetSpent: ({ rest }, chance) => {
    rest.spentForMs = 1_000 * some(chance);
  },
  slowConsumer: ({ consumer }, chance) => {
    consumer.storeDelayMs = chance.pick([0, 100, 5_000, 30_000]);
    consumer.confirmDelayMs = chance.pick([0, 100, 5_000, 30_000]);
  },
  crash: (stage) => stage.crash(),
  restart: (stage, chance) => stage.restart(chance.odds(0.7)),
  commandBurst: (stage, chance) => stage.sendCommands(1 + chance.below(80)),
} as const satisfies Readonly<Record<string, Strike>>;

export type FaultKind = keyof typeof FAULT_KINDS;

export const FAULT_NAMES = Object.keys(FAULT_KINDS) as readonly FaultKind[];

export function strike(kind: FaultKind, stage: Stage, chance: Chance): void | Promise<void> {
  const struck: Strike = FAULT_KINDS[kind];
  return struck(stage, chance);
}
