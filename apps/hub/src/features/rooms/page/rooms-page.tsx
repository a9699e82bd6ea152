import type { Handoff } from "@guildwire/client";
import { useHubStatus, useVoiceRooms } from "@guildwire/client/react";
import { useMemo, useRef, useState } from "react";
import { pastDayOf } from "../activity/day-series.ts";
import { mergeActivity } from "../activity/merge-activity.ts";
import { PastDayContext } from "../activity/past-day.tsx";
import { SidePanel } from "../activity/side-panel.tsx";
import { useRoomHistory } from "../activity/use-room-history.ts";
import { useSeenActivity, useTopicPosition } from "../activity/use-seen-activity.ts";
import { useFreshnessFacts } from "../freshness/age.tsx";
import { freshness } from "../freshness/freshness.ts";
import { FreshnessNotice } from "../freshness/freshness-notice.tsx";
import type { RoomHistory } from "../history/room-history.ts";
import { RoomList } from "../list/room-list.tsx";
import { RoomTools } from "../list/room-tools.tsx";
import { PopupLayer } from "../popups/popup-layer.tsx";
import { useSelection } from "../popups/selection.ts";
import { LiveAnnouncement } from "./live-announcement.tsx";
import { PageHeader } from "./page-header.tsx";
import { PageTitle } from "./page-title.tsx";

interface RoomsPageProps {
  readonly guildId: string;
  readonly view: string;
  /** Anyone may see it, so that there are cards, embeds and overlays of it. */
  readonly isOpenView: boolean;
  readonly initial: Handoff | undefined;
  /** `null` where the hub keeps none. */
  readonly initialHistory: RoomHistory | null;
  readonly askHistory: () => Promise<RoomHistory | null>;
}

/** The live rooms of one server. */
export function RoomsPage({
  guildId,
  view,
  isOpenView,
  initial,
  initialHistory,
  askHistory,
}: RoomsPageProps) {
  const { rooms, sync, latencyMs, seen } = useVoiceRooms(guildId, { view, initial });
  const status = useHubStatus();
  const facts = useFreshnessFacts({ status, sync, source: rooms.source, latencyMs, seen });
  const fresh = freshness(facts);
  const [text, setText] = useState("");
  const history = useRoomHistory(initialHistory, askHistory);
  const seenHere = useSeenActivity(rooms, useTopicPosition(guildId, view, initial));
  const activity = useMemo(() => mergeActivity(history, seenHere), [history, seenHere]);
  const past = useMemo(() => (history === null ? null : pastDayOf(history)), [history]);
  const side = <SidePanel activity={activity} rooms={rooms} />;
  const page = useRef<HTMLDivElement>(null);
  const { selection, clear } = useSelection(page);
  return (
    <PastDayContext value={past}>
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
          <noscript>
            <p className="no-script">
              Without JavaScript this page stays as it was when it was loaded. Load it again for news.
            </p>
          </noscript>
          <main className="stage" id="rooms" tabIndex={-1}>
            <RoomList rooms={rooms} text={text} />
          </main>
          <aside aria-label="Lately" className="side">
            {side}
          </aside>
        </div>
        <FreshnessNotice freshness={fresh} />
        <LiveAnnouncement freshness={fresh} rooms={rooms} />
        <PageTitle freshness={fresh} rooms={rooms} />
        <PopupLayer
          facts={facts}
          isOpenView={isOpenView}
          guildId={guildId}
          onClose={clear}
          rooms={rooms}
          selection={selection}
          side={side}
          view={view}
        />
      </div>
    </PastDayContext>
  );
}
