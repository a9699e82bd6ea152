import { parseArgs } from "node:util";
import { decodeFaults } from "./control/control-message.ts";
import type { Checked } from "./control/shape.ts";
import type { Faults } from "./fault/faults.ts";
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
  --chat-rate <n>     messages, reactions, typing and presences per second (default 0)
  --interaction-rate <n>  buttons, commands and forms that people use per second (default 0)
  --guilds <n>        servers beside that one, each with a life of its own (default 0)
  --other-people <n>  members of each of them (default 12)
  --other-rate <n>    events per second in all of them together (default: as --rate)
  --shards <n>        shards to recommend (default 1)
  --max-concurrency <n>  Identifies per window (default 1)
  --bot-permissions <bits>  what the bot may do, as a decimal number
  --strict-user-agent insist on the User-Agent \`DiscordBot (url, version)\`
  --fault <name=value>  a fault from the start, e.g. latencyMs=80 or dropResume=2; may be repeated
  --token <text>      bot token to accept
  --guild-id <id>     id of the server
  --heartbeat-ms <n>  heartbeat interval told in Hello (default 41250)
  --heartbeat-timeout-ms <n>  close with 4009 after so long without one (default: 1.5 of those)
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
  "chat-rate": "chatRate",
  "interaction-rate": "interactionRate",
  guilds: "otherGuilds",
  "other-people": "otherPeople",
  "other-rate": "otherRate",
  shards: "shards",
  "max-concurrency": "maxConcurrency",
  "bot-permissions": "botPermissions",
  token: "token",
  "guild-id": "guildId",
  "heartbeat-ms": "heartbeatIntervalMs",
  "heartbeat-timeout-ms": "heartbeatTimeoutMs",
} as const satisfies Record<string, keyof SimOptions>;

type Flag = keyof typeof FLAGS;

const TEXT_FLAGS: ReadonlySet<Flag> = new Set(["host", "token", "guild-id", "bot-permissions"]);

export function parseCli(argv: readonly string[]): CliRequest {
  const parsed = parse(argv);
  if (!parsed.ok) return { kind: "mistake", message: parsed.message };
  const { help, paused, json, fault, "strict-user-agent": strict, ...flags } = parsed.values;
  if (help === true) return { kind: "help" };
  const faults = faultsOf(fault ?? []);
  if (!faults.ok) return { kind: "mistake", message: `--fault ${faults.field} ${faults.problem}` };
  const options: Record<string, unknown> = {
    port: DEFAULT_PORT,
    startPaused: paused === true,
    ...(strict === true ? { strictUserAgent: true } : {}),
    ...(fault === undefined ? {} : { faults: faults.value }),
  };
  for (const [flag, text] of Object.entries(flags) as [Flag, string][]) {
    const value = TEXT_FLAGS.has(flag) ? text : numberOf(text);
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

type Values = { [Name in Flag]?: string } & {
  help?: boolean;
  paused?: boolean;
  json?: boolean;
  "strict-user-agent"?: boolean;
  fault?: string[];
};

/** `name=value` pairs, held against the same table as the faults of the control port. */
function faultsOf(pairs: readonly string[]): Checked<Partial<Faults>> {
  const named: Record<string, unknown> = {};
  for (const pair of pairs) {
    const [name = "", text = ""] = pair.split("=", 2);
    named[name] = LITERALS.has(text) ? LITERALS.get(text) : (numberOf(text) ?? text);
  }
  return decodeFaults(named);
}

const LITERALS: ReadonlyMap<string, boolean | null> = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
]);

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
        "chat-rate": text,
        "interaction-rate": text,
        guilds: text,
        "other-people": text,
        "other-rate": text,
        shards: text,
        "max-concurrency": text,
        "bot-permissions": text,
        "strict-user-agent": toggle,
        fault: { type: "string", multiple: true },
        token: text,
        "guild-id": text,
        "heartbeat-ms": text,
        "heartbeat-timeout-ms": text,
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
