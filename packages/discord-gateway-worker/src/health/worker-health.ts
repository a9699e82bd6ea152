/** The worker's signs and metrics together: what is noted on the way, and what is told when somebody asks. */
import type { Attempt } from "@guildwire/delivery";
import type { GatewayEvent, GatewayStatus } from "@guildwire/gateway";
import { MemoryWatch, memoryFacts } from "@guildwire/runtime";
import { VERSION } from "../build-info.ts";
import { connectionState } from "./connection-state.ts";
import type { HealthFacts } from "./health-facts.ts";
import { VitalSigns } from "./vital-signs.ts";
import { WorkerMetrics } from "./worker-metrics.ts";

export type PartFacts = Omit<
  HealthFacts,
  "wasReady" | "signs" | "memory" | "build" | "uptimeMs" | "nowMs" | "monotonicMs"
>;

export interface WorkerHealthOptions {
  /** What was built, where the platform says so. */
  readonly commit: string | null;
  readonly receivers: readonly { readonly name: string }[];
}

export class WorkerHealth {
  readonly metrics: WorkerMetrics;
  readonly #signs = new VitalSigns(performance.now());
  readonly #memoryWatch = new MemoryWatch();
  readonly #startedAtMs = performance.now();
  readonly #commit: string | null;
  #wasReady = false;

  constructor({ commit, receivers }: WorkerHealthOptions) {
    this.#commit = commit;
    const names = receivers.map(({ name }) => name);
    this.metrics = new WorkerMetrics({ version: VERSION, commit }, names);
  }

  gateway(event: GatewayEvent, { state }: GatewayStatus): void {
    const nowMs = performance.now();
    if (event.type === "ready" || event.type === "resumed") this.#wasReady = true;
    this.#signs.noteGateway(event, nowMs);
    this.#signs.noteState(connectionState(state, this.#wasReady), nowMs);
  }

  dispatched(): void {
    this.#signs.lastDispatchAtMs = performance.now();
  }

  discordAnswered(status: number, identifiesLeft: number | null): void {
    this.metrics.restAnswers.at(String(status)).add();
    this.metrics.identifiesLeft = identifiesLeft ?? this.metrics.identifiesLeft;
  }

  delivered(receiver: string, { oldestTimestamp, durationMs }: Attempt): void {
    const lagMs = Math.max(0, Date.now() - Date.parse(oldestTimestamp));
    this.#signs.lastAnswerMs = Math.round(durationMs);
    this.#signs.lastLagMs = lagMs;
    this.metrics.lagSeconds.at(receiver).observe(lagMs / 1000);
  }

  /** Called every `everyMs`. Returns what the memory is when it has just become short. */
  turn(everyMs: number): HealthFacts["memory"] | undefined {
    this.#signs.noteTurn(performance.now(), everyMs);
    this.metrics.loopDelaySeconds.observe(this.#signs.loopDelayMs / 1000);
    const memory = memoryFacts();
    return this.#memoryWatch.note(memory.residentBytes, memory.limitBytes) ? memory : undefined;
  }

  facts(parts: PartFacts): HealthFacts {
    const monotonicMs = performance.now();
    this.#signs.noteState(connectionState(parts.gateway.state, this.#wasReady), monotonicMs);
    return {
      ...parts,
      wasReady: this.#wasReady,
      signs: this.#signs,
      memory: memoryFacts(),
      build: { version: VERSION, commit: this.#commit },
      uptimeMs: monotonicMs - this.#startedAtMs,
      nowMs: Date.now(),
      monotonicMs,
    };
  }
}
