/** Does to a rig what the schedule says, and undoes it. Counts what was done. */
import { type ProcessName, pause, type Rig } from "./rig.ts";
import { between, type Fault, type FaultKind } from "./schedule.ts";

const LATENCY_MS = [20, 400] as const;
/** From one end to the other within the 5 minutes for which the hub takes a signature and the worker its session. */
const SMALL_SKEW_MS = [-140_000, 140_000] as const;
/** Mostly beyond both. */
const LARGE_SKEW_MS = [-3_600_000, 3_600_000] as const;

/** Undoes the fault; nothing for one that has no end. */
type Undo = () => void;
type Deed = (rig: Rig, fault: Fault) => Undo | undefined | Promise<Undo | undefined>;

const DEEDS: Readonly<Record<FaultKind, Deed>> = {
  "worker killed": (rig) => signal(rig, "worker", "SIGKILL"),
  "worker stopped": (rig) => signal(rig, "worker", "SIGTERM"),
  "worker frozen": (rig) => freeze(rig, "worker"),
  "hub killed": (rig) => signal(rig, "hub", "SIGKILL"),
  "hub stopped": (rig) => signal(rig, "hub", "SIGTERM"),
  "hub frozen": (rig) => freeze(rig, "hub"),
  "replica killed": (rig) => signal(rig, "replica", "SIGKILL"),
  "op 7": (rig) => act(rig, { type: "reconnect" }),
  "gateway dropped": (rig) => act(rig, { type: "drop" }),
  "gateway closed 4000": (rig) => act(rig, { type: "close", code: 4000 }),
  "dispatch doubled": (rig) => act(rig, { type: "duplicateDispatch" }),
  "worker–sim cut": ({ simLink }) => switched((isOn) => simLink.setCut(isOn)),
  "worker–sim silent": ({ simLink }) => switched((isOn) => simLink.setSilent(isOn)),
  "worker–sim slow": ({ simLink }, { roll }) => switched((isOn) => simLink.setLatency(latency(isOn, roll))),
  "worker–hub cut": ({ deliveryLink }) => switched((isOn) => deliveryLink.setTrouble("cut", isOn)),
  "worker–hub slow": ({ deliveryLink }) => switched((isOn) => deliveryLink.setTrouble("slow", isOn)),
  "hub answers lost": ({ deliveryLink }) => switched((isOn) => deliveryLink.setTrouble("answers lost", isOn)),
  "hub answers 503": ({ deliveryLink }) => switched((isOn) => deliveryLink.setTrouble("503", isOn)),
  "deliveries doubled": ({ deliveryLink }) => switched((isOn) => deliveryLink.setTrouble("doubled", isOn)),
  "old delivery again": async ({ deliveryLink }, { roll }) => {
    await deliveryLink.again(roll);
    return undefined;
  },
  "replica–hub cut": ({ replicaLink }) => switched((isOn) => replicaLink.setCut(isOn)),
  "replica–hub silent": ({ replicaLink }) => switched((isOn) => replicaLink.setSilent(isOn)),
  "replica–hub slow": ({ replicaLink }, { roll }) =>
    switched((isOn) => replicaLink.setLatency(latency(isOn, roll))),
  "disk full": ({ disk }) => switched((isOn) => (isOn ? disk?.fill() : disk?.release())),
  "worker clock minutes off": (rig, { roll }) =>
    switched((isOn) => rig.skewWorkerClock(isOn ? between(roll, SMALL_SKEW_MS) : 0)),
  "worker clock an hour off": (rig, { roll }) =>
    switched((isOn) => rig.skewWorkerClock(isOn ? between(roll, LARGE_SKEW_MS) : 0)),
  "session expired": (rig) => act(rig, { type: "invalidateSession", resumable: false }),
  "resume refused": async (rig) => {
    await rig.control("POST", "/faults", { refuseResume: 1 });
    return act(rig, { type: "drop" });
  },
  "simulator killed": async (rig) => {
    const sim = rig.supervisor.process("sim");
    sim.kill();
    await sim.ready;
    await rig.setLife(true);
    return undefined;
  },
};

export class FaultHand {
  readonly counts = new Map<FaultKind, number>();
  /** Could not be done, because the simulator was away. */
  missed = 0;
  readonly #rig: Rig;
  readonly #underWay = new Set<Promise<void>>();

  constructor(rig: Rig) {
    this.#rig = rig;
  }

  /** Plays all of them at their times; resolves when the last is undone. */
  async play(faults: readonly Fault[], onFault: (fault: Fault) => void): Promise<void> {
    const startedAtMs = performance.now();
    for (const fault of faults) {
      await pause(Math.max(0, fault.atMs - (performance.now() - startedAtMs)));
      this.counts.set(fault.kind, (this.counts.get(fault.kind) ?? 0) + 1);
      onFault(fault);
      const played = this.#play(fault).finally(() => this.#underWay.delete(played));
      this.#underWay.add(played);
    }
    await Promise.all(this.#underWay);
  }

  async #play(fault: Fault): Promise<void> {
    let undo: Undo | undefined;
    try {
      undo = await DEEDS[fault.kind](this.#rig, fault);
    } catch {
      this.missed += 1;
    }
    await pause(fault.forMs);
    undo?.();
  }
}

function switched(set: (isOn: boolean) => void): Undo {
  set(true);
  return () => set(false);
}

function latency(isOn: boolean, roll: number): number {
  return isOn ? between(roll, LATENCY_MS) : 0;
}

function signal(rig: Rig, name: ProcessName, which: NodeJS.Signals): undefined {
  rig.signal(name, which);
  return undefined;
}

/** The process stands still and everything it holds stays open. */
function freeze(rig: Rig, name: ProcessName): Undo {
  const { pid } = rig.supervisor.process(name);
  rig.signal(name, "SIGSTOP");
  // Only the one that was stopped: by now another may have its place.
  return () => {
    if (pid === rig.supervisor.process(name).pid) rig.signal(name, "SIGCONT");
  };
}

/** Strikes every session but the witness's. */
async function act(rig: Rig, deed: object): Promise<undefined> {
  const sessions = (await rig.control("GET", "/sessions")) as readonly { readonly id: string }[];
  for (const { id } of sessions) {
    if (id !== rig.witness.sessionId) await rig.control("POST", "/acts", { ...deed, sessionId: id });
  }
  return undefined;
}
