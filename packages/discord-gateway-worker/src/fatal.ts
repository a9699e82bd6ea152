/** From what ended the worker to what a person should read about it. */

import { closeCodeName } from "@guildwire/discord-wire";
import type { Fault, GatewayEvent } from "@guildwire/gateway";
import type { ErrorName } from "@guildwire/runtime/errors";
import { ProcessError } from "@guildwire/runtime/errors";

const FAULTS: Readonly<Record<Fault["code"], readonly [ErrorName, string]>> = {
  token_refused: [
    "tokenRefused",
    "Discord refused DISCORD_BOT_TOKEN: reset it on the Bot page of the developer portal and set the new one",
  ],
  invalid_shard: [
    "shardInvalid",
    "Discord refused the shard: this worker runs as one shard, check GET /gateway/bot",
  ],
  sharding_required: [
    "shardInvalid",
    "the bot is in too many servers for one shard, which is all this version runs",
  ],
  invalid_api_version: ["protocolRefused", "Discord no longer speaks API version 10: update Guildwire"],
  invalid_intents: ["intentsRefused", "Discord does not know one of the intents asked for: update Guildwire"],
  disallowed_intents: [
    "intentsRefused",
    "Discord does not grant this bot an intent it asks for: switch it on on the Bot page of the developer portal",
  ],
  attempts_spent: [
    "discordUnreachable",
    "Failed to connect to Discord, gave up reconnecting (RECONNECT_ATTEMPTS_MAX changes the limit)",
  ],
};

type Stopped = Extract<GatewayEvent, { readonly type: "stopped" }>;

/** With Discord's close code and its name, where it closed the connection, and what a restart brings. */
export function faultError(
  fault: Fault,
  { code, detail, resumable }: Omit<Stopped, "type" | "fault">,
): ProcessError {
  const [name, message] = FAULTS[fault.code];
  const facts: string[] = [];
  if (code !== null)
    facts.push(`closed with ${[code, closeCodeName(code), detail].filter(Boolean).join(" ")}`);
  else if (detail !== "") facts.push(detail);
  if (fault.code === "attempts_spent")
    facts.push(resumable ? "a restart resumes the session" : "there is no session to resume");
  return new ProcessError(name, facts.length === 0 ? message : `${message}; ${facts.join("; ")}`);
}
