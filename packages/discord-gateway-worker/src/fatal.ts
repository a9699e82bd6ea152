/** From what ended the worker to what a person should read about it. */

import type { Fault } from "@guildwire/gateway";
import type { ErrorName } from "@guildwire/runtime/errors";
import { WorkerError } from "./worker-error.ts";

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
    "gave up reconnecting to Discord; a restart resumes the session (RECONNECT_ATTEMPTS_MAX changes the limit)",
  ],
};

export function faultError(fault: Fault): WorkerError {
  const [name, message] = FAULTS[fault.code];
  return new WorkerError(name, message);
}
