/** The worker: Discord on one side, the outbox and the hub on the other. */
import { dashboard } from "./dashboard.ts";
import { increaseOf, of, quantilesOf, rateOf } from "./expression.ts";
import { graph, number, timeline } from "./panel.ts";
import { processRow } from "./process-row.ts";

export const WORKER_DASHBOARD = dashboard({
  uid: "guildwire-worker",
  title: "Guildwire worker",
  description: "From Discord's Gateway to the hub's acknowledgement.",
  instancesOf: "guildwire_gateway_connected",
  rows: [
    {
      title: "Discord",
      panels: [
        number(
          "Identifies left today",
          "Of 1,000, as Discord last said. A resumed session costs none.",
          `min(${of("guildwire_identifies_left")})`,
          { redBelow: 200, width: 6 },
        ),
        number(
          "Server is there",
          "Discord has it, and the bot is in it.",
          `min(${of("guildwire_guild_available")})`,
          {
            words: { 0: ["no", "red"], 1: ["yes", "green"] },
            width: 6,
          },
        ),
        number("Rooms", "Those that the bot may view.", `sum(${of("guildwire_rooms")})`, { width: 6 }),
        number("People in voice", "As of now.", `sum(${of("guildwire_occupants")})`, { width: 6 }),
        timeline(
          "Connection",
          "The state it is in. Short gaps are usual: Discord asks for a new connection some times a day.",
          [[`max by (state) (${of("guildwire_gateway_state")}) == 1`, "{{state}}"]],
          { 1: ["now", "green"] },
          { height: 6 },
        ),
        graph(
          "Heartbeat",
          "From a Heartbeat to Discord's acknowledgement. A tenth of a second is usual.",
          [[of("guildwire_heartbeat_latency_seconds"), "{{instance}}"]],
          { unit: "s", threshold: 2 },
        ),
        graph(
          "Connections lost, by cause",
          "Within ten minutes. reconnect_requested is Discord's wish and harmless.",
          [[`${increaseOf("guildwire_gateway_losses_total", "cause", "10m")} > 0`, "{{cause}}"]],
          { unit: "short", stacked: true },
        ),
        graph(
          "Sessions and connections",
          "Within ten minutes. Many identify without a deploy means that sessions are not resumed.",
          [
            [increaseOf("guildwire_gateway_sessions_total", "how", "10m"), "session by {{how}}"],
            [increaseOf("guildwire_gateway_dials_total", "purpose", "10m"), "connection to {{purpose}}"],
          ],
          { unit: "short" },
        ),
        graph(
          "What Discord says",
          "Close codes and answers of the REST API, within ten minutes. 429 is a rate limit.",
          [
            [`${increaseOf("guildwire_gateway_closes_total", "code", "10m")} > 0`, "close {{code}}"],
            [`${increaseOf("guildwire_rest_answers_total", "status", "10m")} > 0`, "REST {{status}}"],
            [
              `${increaseOf("guildwire_gateway_commands_refused_total", "reason", "10m")} > 0`,
              "command not sent: {{reason}}",
            ],
          ],
          { unit: "short" },
        ),
        graph(
          "Resumes in detail",
          "Dispatches replayed after a Resume, those that came twice, and times that Discord left some out.",
          [
            [increaseOf("guildwire_gateway_replayed_total", "instance", "10m"), "replayed"],
            [increaseOf("guildwire_gateway_repeats_total", "instance", "10m"), "came twice"],
            [increaseOf("guildwire_gateway_gaps_total", "instance", "10m"), "gaps"],
          ],
          { unit: "short", width: 24 },
        ),
      ],
    },
    {
      title: "What comes in",
      panels: [
        graph(
          "Dispatches by what became of them",
          "filtered were never parsed, mapped changed the picture, ignored changed nothing, malformed must stay 0.",
          [[rateOf("guildwire_dispatches_total", "fate"), "{{fate}}"]],
          { unit: "ops", stacked: true },
        ),
        graph(
          "Dispatches by type",
          "The ten most frequent.",
          [[`topk(10, ${rateOf("guildwire_dispatches_total", "type")})`, "{{type}}"]],
          { unit: "ops", stacked: true },
        ),
        graph(
          "Events by type",
          "Written to the log, to be delivered.",
          [[`${rateOf("guildwire_events_total", "type")} > 0`, "{{type}}"]],
          { unit: "ops", stacked: true, width: 24 },
        ),
      ],
    },
    {
      title: "Delivery",
      panels: [
        graph(
          "POSTs by outcome",
          "At rest all are delivered.",
          [[`${rateOf("guildwire_delivery_attempts_total", "outcome")} > 0`, "{{outcome}}"]],
          { unit: "ops", stacked: true },
        ),
        graph(
          "Oldest event that waits",
          "The one number to alarm on. At 60 s it warns, at 15 minutes it calls.",
          [[of("guildwire_outbox_oldest_age_seconds"), "{{instance}}"]],
          { unit: "s", threshold: 60 },
        ),
        graph(
          "From Discord's telling it to the acknowledgement",
          "Of the oldest event in each delivery.",
          quantilesOf("guildwire_delivery_lag_seconds"),
          { unit: "s" },
        ),
        graph(
          "From a POST to its answer",
          "The hub and the way to it.",
          quantilesOf("guildwire_delivery_attempt_seconds"),
          {
            unit: "s",
          },
        ),
        graph(
          "Events that wait",
          "In the outbox, on disk.",
          [[of("guildwire_outbox_entries"), "{{instance}}"]],
          {
            unit: "short",
          },
        ),
        graph("Bytes that wait", "Of their data.", [[of("guildwire_outbox_bytes"), "{{instance}}"]], {
          unit: "bytes",
        }),
        graph(
          "Given up",
          "Within an hour: events that the hub refused for good, and events that gave way to a snapshot.",
          [
            [`${increaseOf("guildwire_events_parked_total", "type", "1h")} > 0`, "parked {{type}}"],
            [
              `${increaseOf("guildwire_outbox_compactions_total", "bound", "1h")} > 0`,
              "outbox full ({{bound}})",
            ],
            [increaseOf("guildwire_events_compacted_total", "instance", "1h"), "replaced by a snapshot"],
            [of("guildwire_parked_entries"), "kept in the parking place"],
          ],
          { unit: "short", width: 24 },
        ),
      ],
    },
    processRow("guildwire-worker"),
  ],
});
