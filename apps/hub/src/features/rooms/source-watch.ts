/** Writes down each change of a source's status, as it is shown to browsers: one record, with how long the last one was. */
import type { MetaValue, SourceStatus } from "@guildwire/client/rooms";
import type { CommittedDelta, TopicEngine } from "@guildwire/live";
import type { Log } from "../../log.ts";
import { readStateTopic } from "./projection/rooms-topics.ts";
import { META_KEY } from "./projection/voice-values.ts";

/** What a person may have to look at. */
const TROUBLE: ReadonlySet<SourceStatus> = new Set(["stale", "outage", "gone"]);

/** `engine`: what is shown. Returns what ends the watch. */
export function watchSources(engine: Pick<TopicEngine, "listen">, log: Log): () => void {
  const known = new Map<string, MetaValue["source"]>();
  return engine.listen(({ topic, delta: { ops } }: CommittedDelta) => {
    const source = readStateTopic(topic);
    if (source === undefined) return;
    const op = ops.find(([kind, key]) => kind === "s" && key === META_KEY);
    if (op === undefined || op[0] !== "s") return;
    const { source: is } = op[2] as MetaValue;
    const was = known.get(source);
    known.set(source, is);
    if (was?.status === is.status) return;
    log[TROUBLE.has(is.status) ? "warn" : "info"](
      "source_status",
      {
        source,
        status: is.status,
        was: was?.status ?? null,
        wasForMs: was === undefined ? null : Math.max(0, is.since - was.since),
      },
      `the server ${source} is shown as ${is.status}`,
    );
  });
}
