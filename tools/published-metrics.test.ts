import { describe, expect, it } from "vitest";
import { unknownMentions } from "./published-metrics.ts";

describe("what an expression asks for and nobody publishes", () => {
  it.each([
    "up",
    "guildwire_outbox_entries",
    'rate(guildwire_delivery_attempts_total{outcome=~"busy|unreachable", job="guildwire-worker"}[5m])',
    'histogram_quantile(0.9, sum by (le) (rate(guildwire_hub_intake_seconds_bucket{le="1"}[5m])))',
    "guildwire_delivery_lag_seconds_sum / guildwire_delivery_lag_seconds_count",
    'guildwire_gateway_closes_total{code="4004"}',
  ])("is nothing in %s", (expression) => {
    expect(unknownMentions(expression)).toEqual([]);
  });

  it.each([
    ["guildwire_outbox_entires", "nobody publishes guildwire_outbox_entires"],
    ["guildwire_outbox_entries_count", "nobody publishes guildwire_outbox_entries_count"],
    ["guildwire_hub_intake_seconds", "guildwire_hub_intake_seconds is a histogram"],
    ['guildwire_rooms{guild="1"}', "guildwire_rooms has no label guild"],
    [
      'guildwire_delivery_attempts_total{outcome="signature_refused"}',
      'no series of guildwire_delivery_attempts_total has outcome="signature_refused" from the start',
    ],
    [
      'guildwire_gateway_losses_total{cause!~"zombi|closed"}',
      'no series of guildwire_gateway_losses_total has cause="zombi" from the start',
    ],
  ])("is found in %s", (expression, problem) => {
    expect(unknownMentions(expression)).toEqual([problem]);
  });
});
