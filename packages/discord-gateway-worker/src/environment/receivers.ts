/** The receivers of this worker's events: the hub, the broker, and what `RECEIVERS_FILE` lists. */
import type { KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { readSecrets } from "@guildwire/events";
import type { Mistake } from "@guildwire/runtime";
import * as z from "zod";

/** What a receiver can subscribe to. */
export const FAMILIES = ["rooms", "messages", "interactions", "presence", "dm", "commands"] as const;
export type Family = (typeof FAMILIES)[number];

const HUB_FAMILIES: readonly Family[] = ["rooms", "messages", "presence", "commands"];
const BROKER_FAMILIES: readonly Family[] = ["messages", "interactions", "rooms", "dm", "commands"];

export interface ReceiverConfig {
  readonly name: string;
  readonly url: string;
  readonly keys: readonly KeyObject[];
  readonly families: readonly Family[];
}

/** Variables that receivers come from, as they were read. */
export interface ReceiverValues {
  readonly HUB_ENDPOINT?: string | undefined;
  readonly HUB_SECRET?: readonly KeyObject[] | undefined;
  readonly BROKER_ENDPOINT?: string | undefined;
  readonly BROKER_SECRET?: readonly KeyObject[] | undefined;
  readonly RECEIVERS_FILE?: string | undefined;
}

type ReceiverVariable = keyof ReceiverValues;
export type ReceiversOutcome =
  | { readonly ok: true; readonly receivers: readonly ReceiverConfig[] }
  | { readonly ok: false; readonly mistakes: readonly Mistake<ReceiverVariable>[] };

const receiverSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9_-]{1,32}$/, "must be 1 to 32 of a-z, 0-9, `_` and `-`"),
  url: z.url({ protocol: /^https?$/, error: "must be an http(s) URL" }),
  secrets: z.union([z.string(), z.array(z.string()).min(1, "must not be empty")]).optional(),
  secretsFile: z.string().optional(),
  streams: z
    .array(z.enum(FAMILIES, { error: `must be of ${FAMILIES.join(", ")}` }))
    .min(1, `must name at least one of ${FAMILIES.join(", ")}`),
});

export const NO_RECEIVER =
  "must be the http(s) URL events are sent to, for the hub http://localhost:3000/api/internal/events";
const NO_SECRET = "is missing; make one with: node -p \"'whsec_'+crypto.randomBytes(32).toString('base64')\"";

/** Reads `RECEIVERS_FILE` and its secrets; all mistakes are found together. */
export function readReceivers(
  values: ReceiverValues,
  given: (name: ReceiverVariable) => boolean,
): ReceiversOutcome {
  const mistakes: Mistake<ReceiverVariable>[] = [];
  const receivers: ReceiverConfig[] = [];
  const pair = (
    name: "hub" | "broker",
    endpoint: "HUB_ENDPOINT" | "BROKER_ENDPOINT",
    secret: "HUB_SECRET" | "BROKER_SECRET",
    families: readonly Family[],
  ) => {
    const url = values[endpoint];
    const keys = values[secret];
    if (url !== undefined && keys !== undefined) receivers.push({ name, url, keys, families });
    if (given(endpoint) && !given(secret)) mistakes.push([secret, NO_SECRET]);
    if (given(secret) && !given(endpoint)) mistakes.push([endpoint, NO_RECEIVER]);
  };
  pair("hub", "HUB_ENDPOINT", "HUB_SECRET", HUB_FAMILIES);
  pair("broker", "BROKER_ENDPOINT", "BROKER_SECRET", BROKER_FAMILIES);
  if (values.RECEIVERS_FILE !== undefined) {
    const listed = fromFile(values.RECEIVERS_FILE);
    receivers.push(...listed.receivers);
    mistakes.push(...listed.problems.map((problem) => ["RECEIVERS_FILE", problem] as const));
    mistakes.push(...clashes(receivers));
  } else if (mistakes.length === 0 && !given("HUB_ENDPOINT") && !given("BROKER_ENDPOINT")) {
    mistakes.push(["HUB_ENDPOINT", NO_RECEIVER], ["HUB_SECRET", NO_SECRET]);
  }
  return mistakes.length > 0 ? { ok: false, mistakes } : { ok: true, receivers };
}

function clashes(receivers: readonly ReceiverConfig[]): readonly Mistake<ReceiverVariable>[] {
  const names = receivers.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  const answering = receivers.filter(({ families }) => families.includes("interactions"));
  return [
    ...(twice === undefined ? [] : [["RECEIVERS_FILE", `has two receivers called ${twice}`] as const]),
    ...(answering.length < 2
      ? []
      : [
          [
            "RECEIVERS_FILE",
            `lists \`interactions\` for ${answering.map(({ name }) => name).join(" and ")}; only one receiver may answer them`,
          ] as const,
        ]),
  ];
}

function fromFile(path: string): {
  readonly receivers: readonly ReceiverConfig[];
  readonly problems: readonly string[];
} {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const why = error instanceof SyntaxError ? "is not JSON" : `cannot be read: ${codeOf(error)}`;
    return { receivers: [], problems: [`names a file that ${why}`] };
  }
  if (!Array.isArray(json)) return { receivers: [], problems: ["names a file that holds no JSON array"] };
  const receivers: ReceiverConfig[] = [];
  const problems: string[] = [];
  for (const [index, item] of json.entries()) {
    const place = `receiver ${index + 1}`;
    const parsed = receiverSchema.safeParse(item);
    if (!parsed.success) {
      for (const issue of parsed.error.issues)
        problems.push(`has a mistake in ${[place, ...issue.path].join(".")}: ${issue.message}`);
      continue;
    }
    const { name, url, streams: families } = parsed.data;
    const secrets = secretsOf(parsed.data);
    const read = secrets.ok ? readSecrets(secrets.text) : secrets;
    if (read.ok) receivers.push({ name, url, keys: read.keys, families });
    else problems.push(`has a mistake in ${place}.secrets: ${read.problem}`);
  }
  return { receivers, problems };
}

function secretsOf({
  secrets,
  secretsFile,
}: z.infer<typeof receiverSchema>): { ok: true; text: string } | { ok: false; problem: string } {
  if ((secrets === undefined) === (secretsFile === undefined))
    return { ok: false, problem: "give either `secrets` or `secretsFile`" };
  if (secrets !== undefined) return { ok: true, text: [secrets].flat().join(" ") };
  try {
    return { ok: true, text: readFileSync(secretsFile ?? "", "utf8").trim() };
  } catch (error) {
    return { ok: false, problem: `the file \`secretsFile\` cannot be read: ${codeOf(error)}` };
  }
}

function codeOf(error: unknown): string {
  return (error as { readonly code?: string }).code ?? String(error);
}
