/** The first look: does it work, how late is it, what is wrong. */
import { dashboard } from "./dashboard.ts";
import { of, quantileOf, rateOf } from "./expression.ts";
import { graph, number, timeline } from "./panel.ts";
import { processRow } from "./process-row.ts";

/** To be closed. */
const ALERTS = 'ALERTS{alertname=~"Guildwire.+"';
const YES = { 0: ["no", "red"], 1: ["yes", "green"] } as const;

export const OVERVIEW_DASHBOARD = dashboard({
  uid: "guildwire-overview",
  title: "Guildwire",
  description: "Worker and hub at one glance.",
  instancesOf: 'up{job=~"guildwire-.+"}',
  rows: [
    {
      title: "Now",
      panels: [
        number("Worker answers", "Prometheus reads it.", 'min(up{job="guildwire-worker"})', { words: YES }),
        number("Connected to Discord", "The session is live.", "min(guildwire_gateway_connected)", {
          words: YES,
        }),
        number("Hub answers", "Prometheus reads it.", 'min(up{job="guildwire-hub"})', { words: YES }),
        number(
          "Oldest event that waits",
          "The one number to alarm on: it grows whenever events do not reach the hub.",
          "max(guildwire_outbox_oldest_age_seconds)",
          { unit: "s", redFrom: 60, decimals: 1 },
        ),
        number(
          "Discord to hub, 95 of 100",
          "From Discord's telling it to the hub's acknowledgement.",
          "histogram_quantile(0.95, sum by (le) (rate(guildwire_delivery_lag_seconds_bucket[$__rate_interval])))",
          { unit: "s", redFrom: 2, decimals: 3 },
        ),
        number("People in voice", "As the worker sees them.", "sum(guildwire_occupants)"),
        number("Browsers", "Connected to the hub.", "sum(guildwire_hub_connections)"),
        number(
          "Alerts firing",
          "Of ops/alerts.yml; the band below says which.",
          `count(${ALERTS}, alertstate="firing"}) or vector(0)`,
          { redFrom: 1 },
        ),
      ],
    },
    {
      title: "Alerts",
      panels: [
        timeline(
          "Alerts",
          "One band per alert while it is pending or firing; nothing where all is well.",
          [
            [
              `max by (alertname) (2 * ${ALERTS}, alertstate="firing"} or ${ALERTS}, alertstate="pending"})`,
              "{{alertname}}",
            ],
          ],
          { 1: ["pending", "yellow"], 2: ["firing", "red"] },
        ),
      ],
    },
    {
      title: "The way of an event",
      panels: [
        graph(
          "How many a second",
          "From left to right along the chain. Frames are many for one event, as each browser gets its own.",
          [
            [rateOf("guildwire_dispatches_total", "job", 'fate!="filtered"'), "dispatches read"],
            [rateOf("guildwire_events_total", "job"), "events told"],
            [rateOf("guildwire_hub_events_total", "job"), "events committed by the hub"],
            [rateOf("guildwire_hub_frames_sent_total", "job"), "frames to browsers"],
          ],
          { unit: "ops" },
        ),
        graph(
          "How late",
          "The median and the slowest of the way from Discord to the hub, and the hub's own share of it.",
          [
            [quantileOf("guildwire_delivery_lag_seconds", 0.5), "Discord to hub, p50"],
            [quantileOf("guildwire_delivery_lag_seconds", 0.99), "Discord to hub, p99"],
            [quantileOf("guildwire_hub_intake_seconds", 0.99), "the hub's intake, p99"],
          ],
          { unit: "s" },
        ),
        graph(
          "What waits for the hub",
          "Events in the outbox. It is 0 at rest.",
          [[of("guildwire_outbox_entries"), "{{instance}}"]],
          { unit: "short" },
        ),
        graph(
          "Browsers and subscriptions",
          "A page has one socket and one subscription for each topic it shows.",
          [
            [of("guildwire_hub_connections"), "{{instance}} browsers"],
            [of("guildwire_hub_subscribers"), "{{instance}} subscriptions"],
            [of("guildwire_hub_sources_silent"), "{{instance}} silent sources"],
          ],
          { unit: "short" },
        ),
      ],
    },
    processRow("guildwire-.+"),
  ],
});
