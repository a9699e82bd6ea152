import { HubProvider } from "@guildwire/client/react";
import { createFileRoute } from "@tanstack/react-router";
import { useMemo } from "react";
import { ClosedNotice } from "../features/rooms/embed/closed-notice.tsx";
import embedStyles from "../features/rooms/embed/embed.css?url";
import overlayStyles from "../features/rooms/overlay/overlay.css?url";
import { readOverlayOptions } from "../features/rooms/overlay/overlay-options.ts";
import { OverlayPage } from "../features/rooms/overlay/overlay-page.tsx";
import { getOpenTopic } from "../page-data.ts";
import type { PlainSearch } from "../plain-search.ts";

export const Route = createFileRoute("/overlay/$guildId/$roomId")({
  validateSearch: (search): PlainSearch => search as PlainSearch,
  loaderDeps: ({ search }) => ({ view: search["view"] ?? "public" }),
  loader: ({ params, deps }) => getOpenTopic({ data: { guildId: params.guildId, view: deps.view } }),
  head: () => ({
    meta: [{ title: "Overlay: a voice room" }, { name: "robots", content: "noindex" }],
    links: [
      { rel: "stylesheet", href: embedStyles },
      { rel: "stylesheet", href: overlayStyles },
      { rel: "icon", type: "image/svg+xml", href: "/favicon.svg" },
    ],
  }),
  headers: () => ({ "cache-control": "no-store", "x-robots-tag": "noindex" }),
  component: Overlay,
});

function Overlay() {
  const topic = Route.useLoaderData();
  const { guildId, roomId } = Route.useParams();
  const search = Route.useSearch();
  const options = useMemo(() => readOverlayOptions(search), [search]);
  const initial = useMemo(
    () => (topic.ok ? { ...topic.position, entries: topic.entries } : undefined),
    [topic],
  );
  if (!topic.ok) return <ClosedNotice message={topic.message} />;
  const view = search["view"] ?? "public";
  return (
    <HubProvider hub={topic.socketUrl}>
      <OverlayPage guildId={guildId} initial={initial} options={options} roomId={roomId} view={view} />
    </HubProvider>
  );
}
