/**
 * The worker up to its store: its client and its tracker as they are, with a commit that keeps nothing. What is
 * missing is SQLite, the deliveries, health and logs.
 */

import { INTENTS } from "../../../../packages/discord-gateway-worker/src/gateway-intents.ts";
import { GuildMemory } from "../../../../packages/discord-gateway-worker/src/guild/state.ts";
import { GuildTracker } from "../../../../packages/discord-gateway-worker/src/guild-tracker.ts";
import { DISPATCH_NAMES } from "../../../../packages/discord-wire/src/index.ts";
import { GatewayClient } from "../../../../packages/gateway/src/index.ts";
import { readJob, tellDone } from "./job.ts";

const job = readJob();
const lastSeq = job.arrivalSeq + job.frames;
let events = 0;
let eventsOfArrival = 0;

const tracker: GuildTracker = new GuildTracker({
  guildId: job.guildId,
  memory: new GuildMemory(),
  commit: async ({ happenings }) => {
    events += happenings.length;
    return null;
  },
  onAppended: () => undefined,
  onStored: (sessionId, seq) => client.confirmStored(sessionId, seq),
  onDispatch: () => undefined,
});
const client: GatewayClient = new GatewayClient({
  token: job.token,
  intents: INTENTS,
  compression: job.transport,
  filter: { names: DISPATCH_NAMES, guildId: job.guildId },
  fetchGatewayBot: async () => ({
    ok: true,
    value: {
      url: job.gatewayUrl,
      shards: 1,
      sessionStartLimit: { total: 1000, remaining: 1000, resetAfterMs: 86_400_000, maxConcurrency: 1 },
    },
  }),
  onDispatches: async (batch) => {
    await tracker.take(batch);
    if (batch.lastSeq === job.arrivalSeq) eventsOfArrival = events;
    if (batch.lastSeq === lastSeq) tellDone({ events: events - eventsOfArrival });
  },
  onEvent: () => undefined,
});
client.start();
