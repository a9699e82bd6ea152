/** What the words behind `main.js` ask for: pure. */
import { parseWords } from "@guildwire/runtime/process";

export type Command =
  | { readonly name: "run" }
  | { readonly name: "help" }
  | { readonly name: "version" }
  | { readonly name: "check"; readonly json: boolean }
  | { readonly name: "status"; readonly json: boolean; readonly url: string | undefined }
  | ({ readonly name: "outbox"; readonly json: boolean } & OfReceiver)
  /** `sinceIso`: parked events of that time on go with the snapshot; `null` without any, `""` with all. */
  | ({ readonly name: "replay"; readonly sinceIso: string | null } & OfReceiver)
  | { readonly name: "explain"; readonly code: string | undefined };

interface OfReceiver {
  readonly url: string | undefined;
  /** Of this receiver only; `undefined`: of all. */
  readonly receiver: string | undefined;
}

export type CommandOutcome =
  | { readonly ok: true; readonly command: Command }
  | { readonly ok: false; readonly problem: string };

export const USAGE = `guildwire-worker: follows one Discord server and delivers what happens there, signed

  (no command)              run the worker, with the environment's configuration
  check                     is everything set up? asks Discord, the Gateway, each receiver and the disk
  status                    what a running worker is doing, from its health port
  outbox                    what waits for each receiver, and what it refused
  outbox parked             the same
  outbox parked --replay    put refused events back in line, and a fresh snapshot behind them
  replay                    send a fresh snapshot
  replay --since 2h         the same, with the refused events of the last 2 hours (m, h, d, or an ISO time) before it
  explain E014              what an error code means and what to do
  help, version

  --json                    of check, status and outbox: for programs
  --receiver NAME           of outbox and replay: of this receiver only (hub, broker, or a name in RECEIVERS_FILE)
  --url http://host:3001    of status, outbox and replay: where the worker's health port is (default: PORT, here)

The commands read the same environment as the worker. Exit codes: docs/errors.md.
`;

const OPTIONS = {
  json: { type: "boolean", default: false },
  replay: { type: "boolean", default: false },
  since: { type: "string" },
  url: { type: "string" },
  receiver: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
  version: { type: "boolean", default: false },
} as const;

/** Which options go with which command. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "": [],
  check: ["json"],
  status: ["json", "url"],
  outbox: ["json", "url", "receiver"],
  "outbox parked": ["json", "url", "receiver", "replay"],
  replay: ["since", "url", "receiver"],
};

export function readCommand(words: readonly string[], nowMs: number): CommandOutcome {
  const parsed = parseWords(words, OPTIONS);
  if (typeof parsed === "string") return { ok: false, problem: parsed };
  const { values, positionals } = parsed;
  const [first, second] = positionals;
  if (values.help || first === "help") return { ok: true, command: { name: "help" } };
  if (values.version || first === "version") return { ok: true, command: { name: "version" } };
  if (first === "explain" && positionals.length <= 2)
    return { ok: true, command: { name: "explain", code: second } };

  const phrase = positionals.join(" ");
  const allowed = ALLOWED[phrase];
  if (allowed === undefined) return { ok: false, problem: `there is no command \`${phrase}\`` };
  const given = Object.entries(values).flatMap(([name, value]) =>
    value !== undefined && value !== false ? [name] : [],
  );
  const stray = given.find((name) => !allowed.includes(name));
  if (stray !== undefined)
    return { ok: false, problem: `--${stray} does not go with \`${phrase || "run"}\`` };
  const { json, url, receiver } = values;
  if (url !== undefined && !/^https?:\/\/./.test(url))
    return { ok: false, problem: "--url must be an http(s) URL, such as http://127.0.0.1:3001" };
  switch (phrase) {
    case "check":
      return { ok: true, command: { name: "check", json } };
    case "status":
      return { ok: true, command: { name: "status", json, url } };
    case "replay":
      return replayCommand(values.since, { url, receiver }, nowMs);
    case "outbox":
    case "outbox parked":
      return values.replay
        ? { ok: true, command: { name: "replay", sinceIso: "", url, receiver } }
        : { ok: true, command: { name: "outbox", json, url, receiver } };
    default:
      return { ok: true, command: { name: "run" } };
  }
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

function replayCommand(since: string | undefined, of: OfReceiver, nowMs: number): CommandOutcome {
  if (since === undefined) return { ok: true, command: { name: "replay", sinceIso: null, ...of } };
  const [, count, unit = ""] = /^(\d{1,6})([mhd])$/.exec(since) ?? [];
  const atMs = count === undefined ? Date.parse(since) : nowMs - Number(count) * (UNIT_MS[unit] ?? 0);
  if (Number.isNaN(atMs)) {
    return {
      ok: false,
      problem: "--since must be like 30m, 2h or 1d, or an ISO time such as 2026-11-26T09:00:00Z",
    };
  }
  return { ok: true, command: { name: "replay", sinceIso: new Date(atMs).toISOString(), ...of } };
}
