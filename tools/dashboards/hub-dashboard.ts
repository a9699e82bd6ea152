/** The hub: deliveries in, browsers out. */
import { dashboard } from "./dashboard.ts";
import { increaseOf, of, quantilesOf, rateOf } from "./expression.ts";
import { graph, number } from "./panel.ts";
import { processRow } from "./process-row.ts";

const OK = { 0: ["works", "green"], 1: ["fails", "red"] } as const;

export const HUB_DASHBOARD = dashboard({
  uid: "guildwire-hub",
  title: "Guildwire hub",
  description: "From a worker's delivery to every browser.",
  instancesOf: "guildwire_hub_connections",
  rows: [
    {
      title: "Now",
      panels: [
        number("Store", "Whether deliveries can be committed.", `max(${of("guildwire_hub_store_failing")})`, {
          words: OK,
        }),
        number(
          "History",
          "Whether the last day can be saved.",
          `max(${of("guildwire_hub_history_failing")})`,
          {
            words: OK,
          },
        ),
        number(
          "Sources heard",
          "Servers whose worker gives signs of life.",
          `sum(${of("guildwire_hub_sources_heard")})`,
        ),
        number("Sources silent", "Shown as stale.", `sum(${of("guildwire_hub_sources_silent")})`, {
          redFrom: 1,
        }),
        number(
          "Sources doubted",
          "Shown as stale although that cannot be stored.",
          `sum(${of("guildwire_hub_sources_doubted")})`,
          { redFrom: 1 },
        ),
        number("Topics", "That somebody is subscribed to.", `sum(${of("guildwire_hub_topics")})`),
        number("Histories", "Topics whose last day is kept.", `sum(${of("guildwire_hub_history_topics")})`),
        number("Store's size", "Measured now and then.", `sum(${of("guildwire_hub_store_bytes")})`, {
          unit: "bytes",
        }),
      ],
    },
    {
      title: "Intake",
      panels: [
        graph(
          "Deliveries by outcome",
          "At rest all are applied. duplicate after a restart is right: nothing is told twice.",
          [[`${rateOf("guildwire_hub_deliveries_total", "outcome")} > 0`, "{{outcome}}"]],
          { unit: "ops", stacked: true },
        ),
        graph(
          "Events by type",
          "Committed.",
          [[`${rateOf("guildwire_hub_events_total", "type")} > 0`, "{{type}}"]],
          { unit: "ops", stacked: true },
        ),
        graph("From arrival to answer", "Of a delivery.", quantilesOf("guildwire_hub_intake_seconds"), {
          unit: "s",
          threshold: 0.25,
        }),
        graph(
          "One transaction",
          "Of the store, its fsync included.",
          quantilesOf("guildwire_hub_store_seconds"),
          {
            unit: "s",
          },
        ),
        graph(
          "The store",
          "Commits a second and failures within ten minutes.",
          [
            [rateOf("guildwire_hub_store_commits_total", "instance"), "{{instance}} commits"],
            [`${increaseOf("guildwire_hub_store_failures_total", "code", "10m")} > 0`, "failed: {{code}}"],
          ],
          { unit: "short" },
        ),
        graph(
          "Silent workers",
          "Times within an hour that a source was set to stale.",
          [[increaseOf("guildwire_hub_source_stale_total", "instance", "1h"), "{{instance}}"]],
          { unit: "short" },
        ),
      ],
    },
    {
      title: "Browsers",
      panels: [
        graph(
          "Sockets",
          "Connected, not greeted yet, and waiting requests. An alert tells when there are nearly as many as there may be.",
          [
            [of("guildwire_hub_connections"), "{{instance}} browsers"],
            [of("guildwire_hub_connections_ungreeted"), "{{instance}} not greeted"],
            [of("guildwire_hub_held_requests"), "{{instance}} long polls and streams"],
          ],
          { unit: "short" },
        ),
        graph("Subscriptions", "To all topics.", [[of("guildwire_hub_subscribers"), "{{instance}}"]], {
          unit: "short",
        }),
        graph(
          "Handshakes by result",
          "Within ten minutes.",
          [[`${increaseOf("guildwire_hub_socket_accepts_total", "result", "10m")} > 0`, "{{result}}"]],
          { unit: "short", stacked: true },
        ),
        graph(
          "Sockets that the hub closed, by code",
          "Within ten minutes. dead ones did not answer a ping.",
          [
            [`${increaseOf("guildwire_hub_socket_closes_total", "code", "10m")} > 0`, "{{code}}"],
            [`${increaseOf("guildwire_hub_slow_closes_total", "instance", "10m")} > 0`, "too slow"],
          ],
          { unit: "short", stacked: true },
        ),
        graph(
          "How subscriptions were answered",
          "Within ten minutes. resumed costs one delta, snapshot the whole topic.",
          [
            [`${increaseOf("guildwire_hub_subscriptions_total", "how", "10m")} > 0`, "{{how}}"],
            [`${increaseOf("guildwire_hub_tickets_total", "result", "10m")} > 0`, "ticket {{result}}"],
          ],
          { unit: "short", stacked: true },
        ),
        graph(
          "Topics asked for again, by why",
          "Within ten minutes. digest is drift and must stay 0.",
          [[increaseOf("guildwire_hub_resyncs_total", "why", "10m"), "{{why}}"]],
          { unit: "short" },
        ),
      ],
    },
    {
      title: "Broadcast",
      panels: [
        graph(
          "Frames encoded, by kind",
          "Once for all who are subscribed. d is a change, snap a page of a snapshot, tick a sign of life.",
          [[rateOf("guildwire_hub_frames_built_total", "kind"), "{{kind}}"]],
          { unit: "ops", stacked: true },
        ),
        graph(
          "Frames sent",
          "To all sockets and streams together.",
          [[rateOf("guildwire_hub_frames_sent_total", "instance"), "{{instance}}"]],
          { unit: "ops" },
        ),
        graph(
          "Changes that left with another",
          "Squashed within one window: the busier a server, the more.",
          [[rateOf("guildwire_hub_deltas_squashed_total", "instance"), "{{instance}}"]],
          { unit: "ops" },
        ),
        graph(
          "Browsers that do not keep up",
          "Within ten minutes: subscriptions that skipped frames until their socket drained, and sockets given up.",
          [
            [increaseOf("guildwire_hub_fell_behind_total", "instance", "10m"), "{{instance}} fell behind"],
            [increaseOf("guildwire_hub_slow_closes_total", "instance", "10m"), "{{instance}} ended"],
          ],
          { unit: "short" },
        ),
      ],
    },
    {
      title: "Other roads and the last day",
      panels: [
        graph(
          "Answers besides sockets and pages",
          "Cards, topics over HTTP, event streams, histories.",
          [[`${rateOf("guildwire_hub_road_answers_total", "road, outcome")} > 0`, "{{road}} {{outcome}}"]],
          { unit: "ops", stacked: true },
        ),
        graph(
          "Histories",
          "Within an hour: how they followed their topics, and whether they were saved.",
          [
            [increaseOf("guildwire_hub_history_catch_ups_total", "how", "1h"), "followed by {{how}}"],
            [increaseOf("guildwire_hub_history_saves_total", "outcome", "1h"), "{{outcome}}"],
          ],
          { unit: "short" },
        ),
      ],
    },
    processRow("guildwire-hub"),
  ],
});
