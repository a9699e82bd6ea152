import type { Check, Observation } from "./observation.ts";

const LINES_KEPT = 80;
/** Of one body: enough to tell which event it was. */
const BODY_CHARACTERS = 120;

/** Shows each observation to the checks and keeps the latest as lines to print. */
export class Trace {
  readonly #checks: readonly Check[];
  readonly #lines: string[] = [];
  readonly #names = new Map<string, string>();
  #violation: unknown;
  #count = 0;

  constructor(checks: readonly Check[]) {
    this.#checks = checks;
  }

  see(observation: Observation): void {
    this.#count += 1;
    if (!isNoise(observation)) this.#lines.push(this.#line(observation));
    if (this.#lines.length > LINES_KEPT) this.#lines.shift();
    if (this.#violation !== undefined) return;
    try {
      for (const check of this.#checks) check.see(observation);
    } catch (violation) {
      // Kept, not thrown: whoever is being watched must not see an exception that is ours.
      this.#violation = violation;
    }
  }

  /** Throws what a check has found. */
  assertClean(): void {
    if (this.#violation !== undefined) throw this.#violation;
  }

  get count(): number {
    return this.#count;
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  /** The ids of sessions differ from run to run; their order does not. */
  #line({ atMs, ...rest }: Observation): string {
    const text = JSON.stringify(rest, (key, value: unknown) => {
      if ((key === "session" || key === "session_id" || key === "sessionId") && typeof value === "string") {
        const name = this.#names.get(value) ?? `S${this.#names.size + 1}`;
        this.#names.set(value, name);
        return name;
      }
      if (key === "url" && typeof value === "string") return new URL(value).pathname;
      return typeof value === "string" && value.length > BODY_CHARACTERS
        ? `${value.slice(0, BODY_CHARACTERS)}…`
        : value;
    });
    return `${String(Math.round(atMs)).padStart(8)} ${text}`;
  }
}

const NOISY_EVENTS: ReadonlySet<string> = new Set(["heartbeatAcknowledged", "commandRefused"]);

/** What the server says shows again where it is stored, and a Heartbeat that is answered is no news. */
function isNoise(observation: Observation): boolean {
  if (observation.type === "said") return true;
  return observation.type === "event" && NOISY_EVENTS.has(observation.event.type);
}
