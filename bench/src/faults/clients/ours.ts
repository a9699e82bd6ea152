import { decodeGatewayBot } from "../../../../packages/discord-wire/src/index.ts";
import { type FetchGatewayBot, GatewayClient } from "../../../../packages/gateway/src/index.ts";
import { type ClientJob, INTENTS } from "./job.ts";

/** Our client with all its defaults but compression, which would hide the frames from the tap. */
export function start(job: ClientJob): void {
  const fetchGatewayBot: FetchGatewayBot = async () => {
    const headers = {
      authorization: `Bot ${job.token}`,
      "user-agent": "DiscordBot (https://bench.invalid, 1)",
    };
    const response = await fetch(`${job.apiUrl}/v10/gateway/bot`, { headers });
    if (response.status === 401) return { ok: false, reason: { kind: "tokenRefused" } };
    const decoded = decodeGatewayBot(await response.json());
    if (decoded.ok) return { ok: true, value: decoded.value };
    return { ok: false, reason: { kind: "unreachable", detail: decoded.problem } };
  };
  const client = new GatewayClient({
    token: job.token,
    intents: INTENTS,
    compression: "none",
    fetchGatewayBot,
    onDispatches: (batch) => client.confirmStored(batch.session.id, batch.lastSeq),
    onEvent: (event) => void process.stderr.write(`${JSON.stringify(event)}\n`),
  });
  client.start();
}
