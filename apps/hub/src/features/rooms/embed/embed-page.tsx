import type { Handoff } from "@guildwire/client";
import { useHubStatus, useVoiceRooms } from "@guildwire/client/react";
import { useRef } from "react";
import { useFreshnessFacts } from "../freshness/age.tsx";
import { freshness } from "../freshness/freshness.ts";
import { EmbedFreshness } from "./embed-freshness.tsx";
import type { EmbedOptions } from "./embed-options.ts";
import { EmbedRoom } from "./embed-room.tsx";
import { embedRooms } from "./embed-rooms.ts";
import { useToldHeight } from "./use-told-height.ts";

interface EmbedPageProps {
  readonly guildId: string;
  readonly view: string;
  readonly initial: Handoff | undefined;
  readonly options: EmbedOptions;
}

/** A server's voice rooms, small enough to stand on somebody else's page. */
export function EmbedPage({ guildId, view, initial, options }: EmbedPageProps) {
  const { rooms, sync, latencyMs, seen } = useVoiceRooms(guildId, { view, initial });
  const status = useHubStatus();
  const fresh = freshness(useFreshnessFacts({ status, sync, source: rooms.source, latencyMs, seen }));
  const root = useRef<HTMLElement>(null);
  useToldHeight(root);
  const { shown, summary, rest } = embedRooms(rooms, options);
  return (
    <main
      className="embed"
      data-background={options.background}
      data-connection-status={status.name}
      data-fresh={fresh.tone === "live"}
      data-source-status={rooms.source?.status ?? "unknown"}
      data-theme={options.theme}
      ref={root}
    >
      <header className="embed-head">
        <div className="min-w-0">
          <h1 className="embed-title truncate" translate={rooms.guild === null ? "yes" : "no"}>
            {rooms.guild?.name ?? "Voice rooms"}
          </h1>
          <p className="embed-count">{summary}</p>
        </div>
        <EmbedFreshness freshness={fresh} />
      </header>
      <noscript>
        <p className="embed-problem">
          This frame may not run scripts: it shows who was here when it was loaded, and does not change.
        </p>
      </noscript>
      {options.problems.map((problem) => (
        <p className="embed-problem" key={problem}>
          This address has a mistake: {problem}.
        </p>
      ))}
      <ul className="embed-rooms">
        {shown.map((room) => (
          <EmbedRoom key={room.id} room={room} showsCount={rooms.showsPeople} />
        ))}
      </ul>
      {rooms.guild === null && <p aria-hidden="true" className="skeleton" />}
      {rooms.guild === null ? (
        <p className="embed-rest">No worker has delivered anything for this server yet.</p>
      ) : (
        rest !== "" && <p className="embed-rest">{rest}</p>
      )}
    </main>
  );
}
