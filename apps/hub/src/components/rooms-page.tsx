import type { Handoff } from "@guildwire/client";
import { useHubStatus, useVoiceRooms } from "@guildwire/client/react";
import { useDeferredValue, useMemo, useState } from "react";
import { ActivityList } from "./activity-list.tsx";
import { CategorySection } from "./category-section.tsx";
import { freshness } from "./freshness.ts";
import { FreshnessPill } from "./freshness-pill.tsx";
import { GuildHeading } from "./guild-heading.tsx";
import { LiveAnnouncement } from "./live-announcement.tsx";
import { filterRooms, SEARCH_FROM } from "./room-filter.ts";
import { RoomStage } from "./room-stage.tsx";
import { SearchBox } from "./search-box.tsx";
import { Wordmark } from "./wordmark.tsx";

interface RoomsPageProps {
  readonly guildId: string;
  readonly view: string;
  readonly initial: Handoff | undefined;
}

/** The live rooms of one server. */
export function RoomsPage({ guildId, view, initial }: RoomsPageProps) {
  const { rooms, sync, latencyMs } = useVoiceRooms(guildId, { view, initial });
  const status = useHubStatus();
  const fresh = freshness({ status, sync, source: rooms.source, latencyMs });
  const [text, setText] = useState("");
  const wanted = useDeferredValue(text);
  const categories = useMemo(() => filterRooms(rooms.categories, wanted), [rooms.categories, wanted]);
  const isSearchable = text !== "" || rooms.people.size + rooms.rooms.size >= SEARCH_FROM;
  return (
    <div
      className="min-h-dvh"
      data-connection-status={status.name}
      data-fresh={fresh.tone === "live"}
      data-source-status={rooms.source?.status ?? "unknown"}
    >
      <header className="sticky top-0 z-30 border-line border-b bg-paper">
        <div className="mx-auto flex h-14 max-w-[120rem] items-center justify-between gap-3 px-4 sm:px-6">
          <Wordmark />
          <FreshnessPill freshness={fresh} />
        </div>
      </header>
      <div className="mx-auto grid max-w-[120rem] gap-x-10 px-4 pb-16 sm:px-6 lg:grid-cols-[minmax(0,1fr)_19rem]">
        <div className="flex flex-wrap items-center justify-between gap-4 py-6 lg:col-span-2">
          <GuildHeading rooms={rooms} />
          {isSearchable && <SearchBox onText={setText} text={text} />}
        </div>
        <main className="min-w-0">
          <RoomStage rooms={rooms}>
            {categories.map((category) => (
              <CategorySection category={category} key={category.id ?? ""} />
            ))}
          </RoomStage>
          {categories.length === 0 && <NoRooms isKnown={rooms.guild !== null} isSearch={wanted !== ""} />}
        </main>
        <div className="lg:sticky lg:top-20 lg:max-h-[calc(100dvh-6rem)] lg:self-start lg:overflow-y-auto">
          <ActivityList rooms={rooms} />
        </div>
      </div>
      <LiveAnnouncement freshness={fresh} rooms={rooms} />
    </div>
  );
}

function NoRooms({ isKnown, isSearch }: { readonly isKnown: boolean; readonly isSearch: boolean }) {
  return (
    <p className="rounded-xl border border-line border-dashed p-6 text-center text-soft">
      {!isKnown
        ? "Waiting for the worker’s next snapshot of this server."
        : isSearch
          ? "No room and nobody in voice goes by that name."
          : "This server has no voice rooms that can be shown."}
    </p>
  );
}
