import { HubProvider } from "@guildwire/client/react";
import { createFileRoute } from "@tanstack/react-router";
import { useMemo } from "react";
import { ClosedNotice } from "../features/rooms/embed/closed-notice.tsx";
import embedStyles from "../features/rooms/embed/embed.css?url";
import { readEmbedOptions } from "../features/rooms/embed/embed-options.ts";
import { EmbedPage } from "../features/rooms/embed/embed-page.tsx";
import { getOpenTopic } from "../page-data.ts";
import type { PlainSearch } from "../plain-search.ts";

export const Route = createFileRoute("/embed/$guildId")({
  validateSearch: (search): PlainSearch => search as PlainSearch,
  loaderDeps: ({ search }) => ({ view: search["view"] ?? "public" }),
  loader: ({ params, deps }) => getOpenTopic({ data: { guildId: params.guildId, view: deps.view } }),
  head: () => ({
    meta: [{ title: "Voice rooms" }, { name: "robots", content: "noindex" }],
    links: [
      { rel: "stylesheet", href: embedStyles },
      { rel: "icon", type: "image/svg+xml", href: "/favicon.svg" },
    ],
  }),
  headers: () => ({ "cache-control": "no-store", "x-robots-tag": "noindex" }),
  component: Embed,
});

function Embed() {
  const topic = Route.useLoaderData();
  const { guildId } = Route.useParams();
  const search = Route.useSearch();
  const options = useMemo(() => readEmbedOptions(search), [search]);
  const initial = useMemo(
    () => (topic.ok ? { ...topic.position, entries: topic.entries } : undefined),
    [topic],
  );
  if (!topic.ok) return <ClosedNotice message={topic.message} />;
  return (
    <HubProvider hub={topic.socketUrl}>
      <EmbedPage guildId={guildId} initial={initial} options={options} view={search["view"] ?? "public"} />
    </HubProvider>
  );
}
