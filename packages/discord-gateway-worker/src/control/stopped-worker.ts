/** The store of a worker that does not run: what is put in line now goes out when it starts. */
import { snapshotOf } from "../guild/guild-create.ts";
import { inParts } from "../guild/snapshot-part.ts";
import { WorkerStore } from "../store/worker-store.ts";
import type { OutboxOperator } from "./control-request.ts";

/** @throws ProcessError when there is no store, or a worker has it. */
export function stoppedWorker(dataDir: string): OutboxOperator & Disposable {
  const store = WorkerStore.openAsIs(dataDir);
  return {
    inspect: () => store.inspectOutbox(),
    replay: (parked) => {
      const memory = store.loadGuild();
      if (memory.guild === null) return { parked: 0, snapshotSeq: null };
      const snapshot = snapshotOf(memory);
      // Nobody follows Discord at this moment, so that the picture is what it last was.
      const data = snapshot.status === "live" ? { ...snapshot, status: "stale" as const } : snapshot;
      const count = store.replay(parked, inParts({ type: "guild.snapshot", data }), new Date().toISOString());
      return { parked: count, snapshotSeq: store.lastSeq };
    },
    [Symbol.dispose]: () => store.close(),
  };
}
