import { HubProvider } from "@guildwire/client/react";
import { createFileRoute, useRouter } from "@tanstack/react-router";
import { useEffect, useMemo } from "react";
import { pageMeta } from "../features/rooms/page/page-title.tsx";
import { RoomsPage } from "../features/rooms/page/rooms-page.tsx";
import { WaitingPage } from "../features/rooms/page/waiting-page.tsx";
import { fetchPageTicket, getRoomHistory, getVoiceSnapshot } from "../page-data.ts";
import { PageClock } from "../shell/page-clock.tsx";

const ASK_AGAIN_MS = 2_000;

export const Route = createFileRoute("/")({
  // The history is read second: what happens in between is in it, and told apart from what the page sees itself.
  loader: async () => ({ ...(await getVoiceSnapshot()), history: await getRoomHistory() }),
  // It is as the reader's cookie says, and old as soon as it is sent.
  headers: () => ({ "cache-control": "private, no-cache" }),
  head: ({ loaderData }) => ({
    meta: [{ name: "color-scheme", content: "light dark" }, ...pageMeta(loaderData?.entries ?? [])],
  }),
  component: LiveRooms,
});

function LiveRooms() {
  const { guildId, view, needsTicket, position, entries, history } = Route.useLoaderData();
  const initial = useMemo(
    () => (position === null ? undefined : { ...position, entries }),
    [position, entries],
  );
  if (guildId === null) return <WaitingForGuild />;
  return (
    <HubProvider hub="/ws" ticket={needsTicket ? fetchPageTicket : undefined}>
      <PageClock>
        <RoomsPage
          askHistory={getRoomHistory}
          guildId={guildId}
          initial={initial}
          initialHistory={history}
          isOpenView={!needsTicket}
          key={guildId}
          view={view}
        />
      </PageClock>
    </HubProvider>
  );
}

function WaitingForGuild() {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => void router.invalidate(), ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [router]);
  return <WaitingPage />;
}
