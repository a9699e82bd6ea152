/** The store of a worker that does not run: what is put in line now is sent when it starts. */
import type { Config } from "../config.ts";
import { snapshotOf } from "../guild/guild-create.ts";
import { inParts } from "../guild/snapshot-part.ts";
import { entriesOf, GUILD_STREAM, openDelivery } from "../guild-delivery.ts";
import { createOutboxOperator } from "../outbox-operator.ts";
import { WorkerStore } from "../store/worker-store.ts";
import type { OutboxOperator } from "./control-request.ts";

/** Rejects with a ProcessError when there is no store, or a worker has it. */
export async function stoppedWorker(config: Config): Promise<OutboxOperator & { close(): Promise<void> }> {
  const store = WorkerStore.openAsIs(config.dataDir);
  const guildId = store.guildId ?? config.guildId;
  const memory = await store.loadGuild();
  const delivery = await openDelivery({ store, config });
  await delivery.openStream(GUILD_STREAM(guildId));
  const operator = createOutboxOperator({
    delivery,
    guildId,
    async appendSnapshot() {
      if (memory.guild === null) return null;
      const snapshot = snapshotOf(memory);
      // Nothing follows Discord at this moment, so the picture is what it last was.
      const data = snapshot.status === "live" ? { ...snapshot, status: "stale" as const } : snapshot;
      const entries = entriesOf(inParts({ type: "guild.snapshot", data }), new Date().toISOString());
      const [result] = await store.commit([{ op: "append", stream: guildId, entries }], { durable: true });
      return delivery.appended(result, entries).lastSeq;
    },
  });
  return { ...operator, close: () => store.close() };
}
