/**
 * What a benchmark is: it runs its subjects side by side, in rounds, and gives back plain data; from that data, and
 * nothing else, it writes its section of RESULTS.md. So one benchmark can be run again and leaves the others as they were.
 */
import type { Section } from "./section.ts";

export interface Plan {
  /** Enough to see that it works; the figures are worth little. */
  readonly quick: boolean;
  /** Whether a subject, or a table of them, is to be measured at all: all are, unless `--pick` names some. */
  readonly picks: (name: string) => boolean;
  /** How many rounds, where `usual` would be right: `--rounds` says otherwise. */
  readonly rounds: (usual: number) => number;
  readonly log: (line: string) => void;
  /** Says what could not be measured and why. It stands in RESULTS.md beside the figures that there are. */
  readonly failed: (what: string) => void;
}

export interface Benchmark<Result> {
  /** The word of `--only`, and the key in results.json. */
  readonly name: string;
  /** For `--help`: one line. */
  readonly about: string;
  /** The result survives JSON. */
  readonly run: (plan: Plan) => Promise<Result>;
  readonly section: (result: Result) => Section;
}

/** A benchmark whose result's type only itself knows, so that different ones stand in one list. */
export interface AnyBenchmark {
  readonly name: string;
  readonly about: string;
  readonly run: (plan: Plan) => Promise<unknown>;
  readonly section: (result: unknown) => Section;
}

export function benchmark<Result>(own: Benchmark<Result>): AnyBenchmark {
  return { ...own, section: (result) => own.section(result as Result) };
}
