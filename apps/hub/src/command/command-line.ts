/** What the words behind `main.js` ask for: pure. */
import { parseWords } from "@guildwire/runtime/process";

export type Command =
  | { readonly name: "run" }
  | { readonly name: "help" }
  | { readonly name: "version" }
  | { readonly name: "status"; readonly json: boolean; readonly url: string | undefined }
  | { readonly name: "status-token" }
  | { readonly name: "restored" }
  | { readonly name: "explain"; readonly code: string | undefined };

export type CommandOutcome =
  | { readonly ok: true; readonly command: Command }
  | { readonly ok: false; readonly problem: string };

export const USAGE = `guildwire-hub: takes a worker's deliveries and shows them to browsers as they happen

  (no command)              run the hub, with the environment's configuration
  status                    what a running hub is doing
  status-token              the token that opens /api/status, for monitors; derived from HUB_SECRET
  restored                  after putting back a backup of hub.sqlite, while the hub is stopped: begins a new epoch
  explain E017              what an error code means and what to do
  help, version

  --json                    of status: for programs
  --url http://host:3000    of status: where the hub is (default: HOST and PORT, here)

The commands read the same environment as the hub. Exit codes: docs/errors.md.
`;

const OPTIONS = {
  json: { type: "boolean", default: false },
  url: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
  version: { type: "boolean", default: false },
} as const;

export function readCommand(words: readonly string[]): CommandOutcome {
  const parsed = parseWords(words, OPTIONS);
  if (typeof parsed === "string") return { ok: false, problem: parsed };
  const { values, positionals } = parsed;
  const [name = values.help ? "help" : values.version ? "version" : "run", argument, ...more] = positionals;
  if (more.length > 0 || (argument !== undefined && name !== "explain"))
    return { ok: false, problem: `${name} takes no word such as ${more[0] ?? argument}` };
  if (name !== "status" && (values.json || values.url !== undefined))
    return { ok: false, problem: `${name} takes no options` };
  if (values.url !== undefined && !/^https?:$/.test(URL.parse(values.url)?.protocol ?? ""))
    return { ok: false, problem: "--url must be like http://host:3000" };
  switch (name) {
    case "status":
      return { ok: true, command: { name, json: values.json, url: values.url } };
    case "run":
    case "help":
    case "version":
    case "status-token":
    case "restored":
      return { ok: true, command: { name } };
    case "explain":
      return { ok: true, command: { name, code: argument } };
    default:
      return { ok: false, problem: `there is no command ${name}` };
  }
}
