import type { Handoff } from "@guildwire/client";
import { useHubStatus, useVoiceRooms } from "@guildwire/client/react";
import { useRef, useState } from "react";
import { ActivityList } from "./activity-list.tsx";
import { freshness } from "./freshness.ts";
import { FreshnessNotice } from "./freshness-notice.tsx";
import { LiveAnnouncement } from "./live-announcement.tsx";
import { PageHeader } from "./page-header.tsx";
import { PageTitle } from "./page-title.tsx";
import { PopupLayer } from "./popups/popup-layer.tsx";
import { useSelection } from "./popups/selection.ts";
import { RoomList } from "./room-list.tsx";
import { RoomTools } from "./room-tools.tsx";

interface RoomsPageProps {
  readonly guildId: string;
  readonly view: string;
  readonly initial: Handoff | undefined;
}

/** The live rooms of one server. */
export function RoomsPage({ guildId, view, initial }: RoomsPageProps) {
  const { rooms, sync, latencyMs } = useVoiceRooms(guildId, { view, initial });
  const status = useHubStatus();
  const facts = { status, sync, source: rooms.source, latencyMs };
  const fresh = freshness(facts);
  const [text, setText] = useState("");
  const page = useRef<HTMLDivElement>(null);
  const { selection, clear } = useSelection(page);
  return (
    <div
      className="min-h-dvh"
      data-connection-status={status.name}
      data-fresh={fresh.tone === "live"}
      data-source-status={rooms.source?.status ?? "unknown"}
      ref={page}
    >
      <a className="skip-link" href="#rooms">
        Skip to the rooms
      </a>
      <PageHeader freshness={fresh} />
      <div className="page-body">
        <RoomTools onText={setText} rooms={rooms} text={text} />
        <main className="stage" id="rooms" tabIndex={-1}>
          <RoomList rooms={rooms} text={text} />
        </main>
        <div className="side">
          <ActivityList rooms={rooms} />
        </div>
      </div>
      <FreshnessNotice freshness={fresh} />
      <LiveAnnouncement freshness={fresh} rooms={rooms} />
      <PageTitle freshness={fresh} rooms={rooms} />
      <PopupLayer
        facts={facts}
        guildId={guildId}
        onClose={clear}
        rooms={rooms}
        selection={selection}
        view={view}
      />
    </div>
  );
}
