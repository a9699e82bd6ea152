import { parseArgs } from "node:util";
import type { WorldOptions } from "./stack.ts";

export interface DemoFlags {
  readonly world: WorldOptions;
  readonly verbose: boolean;
  readonly help: boolean;
  readonly sim: boolean;
}

export type FlagsOutcome =
  | { readonly ok: true; readonly flags: DemoFlags }
  | { readonly ok: false; readonly problem: string };

export const WORLD_USAGE = `  --seed N     which world is played; the same seed plays the same one   (1)
  --people N   members of the server, about half of them in voice        (60)
  --rooms N    voice and stage rooms                                     (8)
  --rate X     things that happen per second, on average; 0 = nothing    (2)`;

/** Bounds of each number; the simulator's own are the same or wider. */
const NUMBERS = {
  seed: { default: 1, min: 0, max: 2 ** 31, whole: true },
  people: { default: 60, min: 0, max: 5_000, whole: true },
  rooms: { default: 8, min: 1, max: 200, whole: true },
  rate: { default: 2, min: 0, max: 1_000, whole: false },
} as const;

export function readFlags(args: readonly string[]): FlagsOutcome {
  let values: Partial<Record<string, string | boolean>>;
  try {
    ({ values } = parseArgs({
      // pnpm hands a `--` through.
      args: args.filter((arg) => arg !== "--"),
      options: {
        seed: { type: "string" },
        people: { type: "string" },
        rooms: { type: "string" },
        rate: { type: "string" },
        verbose: { type: "boolean", short: "v" },
        sim: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }));
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
  const numbers: Record<string, number> = {};
  for (const [name, rule] of Object.entries(NUMBERS)) {
    const text = values[name];
    const value = text === undefined ? rule.default : Number(text);
    const fits = Number.isFinite(value) && value >= rule.min && value <= rule.max;
    if (text === "" || !fits || (rule.whole && !Number.isInteger(value))) {
      const kind = rule.whole ? "a whole number" : "a number";
      return { ok: false, problem: `--${name} must be ${kind} from ${rule.min} to ${rule.max}, not ${text}` };
    }
    numbers[name] = value;
  }
  return {
    ok: true,
    flags: {
      world: numbers as unknown as WorldOptions,
      verbose: values["verbose"] === true,
      sim: values["sim"] === true,
      help: values["help"] === true,
    },
  };
}
