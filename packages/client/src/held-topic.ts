/** A topic as the page holds it: its store, and what it was shown with last. */
import type { ClientInput, Handoff } from "./connection-state.ts";
import { Cell } from "./store.ts";
import { handedOverSnapshot, NOTHING_YET, type TopicSnapshot, type TopicStore } from "./topic-store.ts";

/** What the shell tells the machine, before time and chance are added. */
export type UntimedInput = ClientInput extends infer Input
  ? Input extends unknown
    ? Omit<Input, "atMs" | "roll">
    : never
  : never;

export class HeldTopic implements TopicStore {
  readonly topic: string;
  readonly cell: Cell<TopicSnapshot>;
  readonly #tell: (input: UntimedInput) => void;
  #offered: Handoff | undefined;
  #initial: TopicSnapshot = NOTHING_YET;

  constructor(topic: string, tell: (input: UntimedInput) => void) {
    this.topic = topic;
    this.#tell = tell;
    this.cell = new Cell<TopicSnapshot>(NOTHING_YET);
  }

  /** The same copy offered at every render is taken once, and none that is older than what is here. */
  offer(handoff: Handoff): void {
    if (this.#offered === handoff) return;
    this.#offered = handoff;
    const { position } = this.cell.getSnapshot();
    if (position?.epoch === handoff.epoch && position.offset >= handoff.offset) return;
    this.#initial = handedOverSnapshot(handoff);
    this.cell.set(this.#initial);
  }

  readonly getSnapshot = (): TopicSnapshot => this.cell.getSnapshot();
  readonly getInitialSnapshot = (): TopicSnapshot => this.#initial;

  readonly subscribe = (listener: () => void): (() => void) => {
    const unlisten = this.cell.subscribe(listener);
    this.#tell({ type: "topicHeld", topic: this.topic, handoff: this.#shown() });
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      unlisten();
      this.#tell({ type: "topicReleased", topic: this.topic });
    };
  };

  /** What was handed over, or what was followed last: a page that comes back to a topic goes on from there. */
  #shown(): Handoff | undefined {
    const { position, entries } = this.cell.getSnapshot();
    return position === null ? undefined : { ...position, entries: [...entries.values()] };
  }
}
