/**
 * What went from the worker to the hub and what the hub said to it: the record from which "exactly once, in order" is
 * judged. Pure. Rules:
 *   - An event has one number and one content for ever: the same number with other content is a finding.
 *   - What the hub acknowledges is never taken back, and was sent before.
 *   - Acknowledged numbers have no hole, unless a snapshot stands behind it.
 */
export interface Answer {
  readonly status: number;
  readonly answer: string;
  /** What had been acknowledged when the delivery was sent. */
  readonly ackedBefore: number;
}

interface SentDelivery {
  readonly epoch: string;
  readonly events: readonly SentEvent[];
}

interface SentEvent {
  readonly seq: number;
  readonly type: string;
}

/** Findings beyond these are counted only. */
const FINDINGS_MAX = 20;

interface Result {
  readonly acked?: unknown;
}

export class Ledger {
  readonly findings: string[] = [];
  posts = 0;
  /** Events that came again, in however many posts. */
  repeats = 0;
  epoch: string | undefined;
  acked = 0;
  /** Epochs after the first one. */
  epochsLeft = 0;
  readonly #events = new Map<number, string>();
  readonly statuses = new Map<number, number>();

  /** On its way to the hub; before it gets there: the hub may take it and die, and tell of it in another's answer. */
  sent(body: string): void {
    // The worker follows one server, so a body of many streams holds one delivery at most; a heartbeat holds none.
    const json = JSON.parse(body) as SentDelivery & { readonly deliveries?: readonly SentDelivery[] };
    const delivery = json.deliveries === undefined ? json : json.deliveries[0];
    if (delivery === undefined) return;
    const { epoch, events } = delivery;
    if (this.epoch !== undefined && epoch !== this.epoch) {
      this.epochsLeft += 1;
      this.#find(`the worker left its log ${this.epoch} for ${epoch}`);
      this.#events.clear();
      this.acked = 0;
    }
    this.epoch = epoch;
    for (const event of events) this.#record(event);
  }

  answered({ status, answer, ackedBefore }: Answer): void {
    this.posts += 1;
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    if (status >= 200 && status < 300) this.#acknowledge(answer, ackedBefore);
  }

  /** What the hub has acknowledged, in order of the numbers. */
  committed(): readonly string[] {
    return [...this.#events]
      .filter(([seq]) => seq <= this.acked)
      .toSorted(([a], [b]) => a - b)
      .map(([, event]) => event);
  }

  #record(event: SentEvent): void {
    const text = JSON.stringify(event);
    const known = this.#events.get(event.seq);
    if (known === undefined) this.#events.set(event.seq, text);
    else this.repeats += 1;
    if (known !== undefined && known !== text)
      this.#find(`event ${event.seq} was ${known} and became ${text}`);
  }

  #acknowledge(answer: string, ackedBefore: number): void {
    const json = JSON.parse(answer) as Result & { readonly results?: readonly Result[] };
    const result = json.results === undefined ? json : json.results[0];
    // A heartbeat, or a delivery that the hub refused or answered with a request.
    if (result === undefined || (json.results !== undefined && result.acked === undefined)) return;
    const { acked } = result;
    if (typeof acked !== "number") {
      this.#find(`a 2xx without a number: ${answer}`);
      return;
    }
    if (acked < ackedBefore) this.#find(`the hub went back from ${ackedBefore} to ${acked}`);
    for (let seq = this.acked + 1; seq <= acked; seq += 1) {
      if (!this.#events.has(seq)) this.#find(`${seq} was acknowledged and never sent`);
    }
    this.acked = Math.max(this.acked, acked);
  }

  #find(what: string): void {
    if (this.findings.length < FINDINGS_MAX) this.findings.push(what);
  }
}
