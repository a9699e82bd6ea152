/**
 * A browser's client without the browser, in a process of its own: it follows the topic of one server and answers GET
 * with what it holds.
 */
import { createServer } from "node:http";
import { createHubClient } from "@guildwire/client";
import { type VoiceEntry, voiceTopic } from "@guildwire/client/rooms";
import { WebSocket } from "ws";

/** What GET answers. */
export interface ReplicaReport {
  readonly status: string;
  readonly sync: string;
  readonly epoch: string | null;
  readonly offset: number | null;
  readonly entries: readonly VoiceEntry[];
}

function main(): void {
  const client = createHubClient({ url: process.env["CHAOS_HUB_URL"] ?? "", WebSocket });
  const topic = client.topic(voiceTopic(process.env["PRIMARY_GUILD_ID"] ?? ""));
  topic.subscribe(() => undefined);
  const server = createServer((_request, response) => {
    const { entries, position, sync } = topic.getSnapshot();
    const report: ReplicaReport = {
      status: client.status.getSnapshot().name,
      sync: sync.name,
      epoch: position?.epoch ?? null,
      offset: position?.offset ?? null,
      entries: [...entries.values()] as unknown as VoiceEntry[],
    };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(report));
  });
  server.listen(Number(process.env["PORT"]), "127.0.0.1");
  process.once("SIGTERM", () => process.exit(0));
}

main();
