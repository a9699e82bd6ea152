import { parseArgs } from "node:util";
import type { SimOptions } from "./sim-options.ts";

/** The command line as data. Ranges are checked with the other options, in sim-options.ts. */
export type CliRequest =
  | { readonly kind: "run"; readonly options: SimOptions; readonly json: boolean }
  | { readonly kind: "help" }
  | { readonly kind: "mistake"; readonly message: string };

/** A fixed port, so that the lines printed can be kept in an .env file. */
const DEFAULT_PORT = 4400;

export const USAGE = `Usage: guildwire-sim [flags]

A stand-in for Discord: Gateway, REST and a control port on one local port.

  --port <n>          port to listen on, 0 = any free one (default ${DEFAULT_PORT})
  --host <address>    address to listen on (default 127.0.0.1)
  --seed <n>          the server to invent: same seed, same server (default 1)
  --people <n>        members of the server, about half of them in voice (default 60)
  --rooms <n>         voice and stage channels (default 8)
  --rate <n>          events per second on average, 0 = nothing happens by itself (default 2)
  --token <text>      bot token to accept
  --guild-id <id>     id of the server
  --heartbeat-ms <n>  heartbeat interval told in Hello (default 41250)
  --paused            start with nothing happening until POST /control/resume
  --json              print one line of JSON instead of text
  --help              print this
`;

/** Which flag sets which option. */
const FLAGS = {
  port: "port",
  host: "host",
  seed: "seed",
  people: "people",
  rooms: "rooms",
  rate: "rate",
  token: "token",
  "guild-id": "guildId",
  "heartbeat-ms": "heartbeatIntervalMs",
} as const satisfies Record<string, keyof SimOptions>;

type Flag = keyof typeof FLAGS;

const NUMBER_FLAGS: ReadonlySet<Flag> = new Set(["port", "seed", "people", "rooms", "rate", "heartbeat-ms"]);

export function parseCli(argv: readonly string[]): CliRequest {
  const parsed = parse(argv);
  if (!parsed.ok) return { kind: "mistake", message: parsed.message };
  const { help, paused, json, ...flags } = parsed.values;
  if (help === true) return { kind: "help" };
  const options: Record<string, string | number | boolean> = {
    port: DEFAULT_PORT,
    startPaused: paused === true,
  };
  for (const [flag, text] of Object.entries(flags) as [Flag, string][]) {
    const value = NUMBER_FLAGS.has(flag) ? numberOf(text) : text;
    if (value === undefined) {
      return { kind: "mistake", message: `--${flag} must be a number, not "${text}"` };
    }
    options[FLAGS[flag]] = value;
  }
  return { kind: "run", options, json: json === true };
}

/** The flag that sets `field`, for messages: `guildId` → `--guild-id`. */
export function flagOf(field: string): string {
  const flag = Object.entries(FLAGS).find(([, option]) => option === field)?.[0];
  return flag === undefined ? field : `--${flag}`;
}

type Values = { [Name in Flag]?: string } & { help?: boolean; paused?: boolean; json?: boolean };

function parse(
  argv: readonly string[],
): { readonly ok: true; readonly values: Values } | { readonly ok: false; readonly message: string } {
  const text = { type: "string" } as const;
  const toggle = { type: "boolean" } as const;
  try {
    const { values } = parseArgs({
      // Package managers hand the `--` between their arguments and ours on to us.
      args: argv[0] === "--" ? argv.slice(1) : [...argv],
      strict: true,
      options: {
        port: text,
        host: text,
        seed: text,
        people: text,
        rooms: text,
        rate: text,
        token: text,
        "guild-id": text,
        "heartbeat-ms": text,
        paused: toggle,
        json: toggle,
        help: toggle,
      },
    });
    return { ok: true, values };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

function numberOf(text: string): number | undefined {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}
