/** What Prometheus reads of a worker, in the format that it reads. */
import { readExposition } from "@guildwire/runtime/testing";
import { describe, expect, it } from "vitest";
import type { HealthFacts } from "../../src/health/health-facts.ts";
import { VitalSigns } from "../../src/health/vital-signs.ts";
import { WorkerMetrics } from "../../src/health/worker-metrics.ts";

const NOW_MS = Date.parse("2026-11-21T09:00:00.000Z");
const BUILD = { version: "1.0.0", commit: "0123abc" };

const facts: HealthFacts = {
  guildId: "1",
  gateway: {
    state: "ready",
    connection: 1,
    sessionId: "s",
    heartbeatLatencyMs: 41,
    receivedAgoMs: 100,
    unacknowledgedForMs: null,
    passedOver: new Map([["PRESENCE_UPDATE", 7]]),
  },
  wasReady: true,
  inGuild: true,
  guild: { status: "available", rooms: new Map(), occupants: new Map() },
  epoch: "e",
  lastSeq: 9,
  receivers: [
    {
      name: "hub",
      form: "multi",
      stopped: false,
      depth: { waiting: 2, bytes: 300, oldestTimestamp: "2026-11-21T08:59:30.000Z" },
      parked: 1,
      failures: 0,
      postSinceMs: null,
    },
  ],
  signs: new VitalSigns(0),
  memory: { residentBytes: 1, heapBytes: 1, limitBytes: null },
  build: BUILD,
  uptimeMs: 1,
  nowMs: NOW_MS,
  monotonicMs: 1,
};

function published(metrics: WorkerMetrics): ReadonlyMap<string, number> {
  return new Map(
    [...readExposition(metrics.render(facts)).values()].flatMap(({ samples }) =>
      samples.map(({ name, labels, value }) => [[name, ...labels.values()].join(" "), value] as const),
    ),
  );
}

describe("the worker's metrics", () => {
  it("are all there, each under a name of its own", () => {
    const metrics = new WorkerMetrics(BUILD, ["hub"]);
    const names = metrics.descriptions().map(({ name }) => name);
    expect([...readExposition(metrics.render(facts)).keys()]).toEqual(names);
  });

  it("tell what became of every dispatch in one family", () => {
    const metrics = new WorkerMetrics(BUILD, ["hub"]);
    metrics.dispatch("VOICE_STATE_UPDATE", "mapped");
    metrics.dispatch("VOICE_STATE_UPDATE", "mapped");
    metrics.dispatch("VOICE_STATE_UPDATE", "malformed");
    metrics.dispatch("CHANNEL_UPDATE", "ignored");
    const values = published(metrics);
    expect(values.get("guildwire_dispatches_total PRESENCE_UPDATE filtered")).toBe(7);
    expect(values.get("guildwire_dispatches_total VOICE_STATE_UPDATE mapped")).toBe(2);
    expect(values.get("guildwire_dispatches_total VOICE_STATE_UPDATE malformed")).toBe(1);
    expect(values.get("guildwire_dispatches_total CHANNEL_UPDATE ignored")).toBe(1);
  });

  it("tell connection and outbox in seconds and bytes", () => {
    const values = published(new WorkerMetrics(BUILD, ["hub"]));
    expect(values.get("guildwire_gateway_connected")).toBe(1);
    expect(values.get("guildwire_gateway_state CONNECTED")).toBe(1);
    expect(values.get("guildwire_gateway_state RECONNECTING")).toBe(0);
    expect(values.get("guildwire_heartbeat_latency_seconds")).toBe(0.041);
    expect(values.get("guildwire_outbox_entries hub")).toBe(2);
    expect(values.get("guildwire_outbox_bytes hub")).toBe(300);
    expect(values.get("guildwire_outbox_oldest_age_seconds hub")).toBe(30);
    expect(values.get("guildwire_parked_entries hub")).toBe(1);
  });

  it("leave out what is not known", () => {
    const metrics = new WorkerMetrics(BUILD, ["hub"]);
    expect(published(metrics).has("guildwire_identifies_left")).toBe(false);
    metrics.identifiesLeft = 998;
    expect(published(metrics).get("guildwire_identifies_left")).toBe(998);
  });

  it("have a series for whatever an alert waits for, before it happens", () => {
    const values = published(new WorkerMetrics(BUILD, ["hub"]));
    for (const series of [
      "guildwire_gateway_losses_total zombie",
      "guildwire_delivery_attempts_total signatureRefused hub",
      "guildwire_delivery_attempts_total endpointWrong hub",
      "guildwire_outbox_compactions_total age hub",
      "guildwire_events_parked_total voice.joined hub",
      "guildwire_rest_answers_total 429",
      "guildwire_gateway_sessions_total identify",
    ])
      expect(values.get(series)).toBe(0);
  });
});
