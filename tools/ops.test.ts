/** What watches Guildwire from outside: is it well-formed, and does it ask for what the processes publish? */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { createHubMetrics } from "../apps/hub/src/hub-metrics.ts";
import { ALERT_RULES, DOCS_URL } from "./alert-rules.ts";
import { readDocument } from "./documents.ts";
import { HUB_METRICS, WORKER_METRICS } from "./metrics-tables.ts";
import { mentions } from "./promql.ts";
import { HAS_PROMTOOL, NEEDS_PROMTOOL, promtool } from "./promtool.ts";
import { unknownMentions } from "./published-metrics.ts";
import { REPOSITORY } from "./source-tree.ts";

const read = (path: string): string => readFileSync(join(REPOSITORY, path), "utf8");
const path = (name: string): string => join(REPOSITORY, name);

describe("the alert rules", () => {
  it.each(ALERT_RULES)("$alert asks for what is published", ({ expr }) => {
    expect(unknownMentions(expr)).toEqual([]);
    expect(mentions(expr)).not.toEqual([]);
  });

  it.each(ALERT_RULES)(
    "$alert says what it is, what to do and where to read more",
    ({ labels, annotations }) => {
      expect(["critical", "warning", "info"]).toContain(labels.severity);
      for (const text of [annotations.summary, annotations.description, annotations.action])
        expect(text).toMatch(/^.{10,}\.$/);
      // It stands in a table, where there is no instance.
      expect(annotations.summary).not.toContain("{{");
      expect(annotations.action).not.toContain("{{");
      const [page = "", anchor = ""] = annotations.runbook_url.replace(DOCS_URL, "").split("#");
      expect(readDocument(`docs/${page}`).anchors).toContain(anchor);
    },
  );

  it("have names of their own", () => {
    const names = ALERT_RULES.map(({ alert }) => alert);
    expect(names).toEqual([...new Set(names)]);
  });

  it("are all tested, firing and quiet", () => {
    const { tests } = parse(read("ops/alerts.test.yml")) as {
      readonly tests: readonly {
        readonly promql_expr_test?: readonly {
          readonly exp_samples: readonly { readonly labels: string }[];
        }[];
      }[];
    };
    const fired = new Set(
      tests.flatMap(({ promql_expr_test: [quiet, firing] = [] }) =>
        quiet?.exp_samples.length === 0 ? (firing?.exp_samples ?? []).map(({ labels }) => labels) : [],
      ),
    );
    const untested = ALERT_RULES.filter(({ alert }) => !fired.has(`{alertname="${alert}"}`));
    expect(untested.map(({ alert }) => alert)).toEqual([]);
  });

  it.skipIf(!HAS_PROMTOOL)(`are sound and fire when they should ${NEEDS_PROMTOOL}`, () => {
    expect(promtool(["check", "rules", path("ops/alerts.yml")])).toBe("");
    expect(promtool(["test", "rules", path("ops/alerts.test.yml")])).toBe("");
  });
});

describe("the metrics", () => {
  it.skipIf(!HAS_PROMTOOL)(`have nothing that Prometheus' linter objects to ${NEEDS_PROMTOOL}`, () => {
    const text = createHubMetrics({ version: "0.0.0", commit: null }).text();
    expect(promtool(["check", "metrics"], text)).toBe("");
    const worker = WORKER_METRICS.map(
      ({ name, type, help }) =>
        `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${type === "histogram" ? "" : `${name} 0\n`}`,
    ).join("");
    expect(promtool(["check", "metrics"], worker)).toBe("");
  });

  it("mean the same in both processes where they have the same name", () => {
    for (const metric of WORKER_METRICS) {
      const twin = HUB_METRICS.find(({ name }) => name === metric.name);
      if (twin !== undefined) expect(twin).toEqual(metric);
    }
  });
});

describe("the configuration of Prometheus", () => {
  const { scrape_configs: jobs, rule_files: rules } = parse(read("ops/prometheus.yml")) as {
    readonly rule_files: readonly string[];
    readonly scrape_configs: readonly { readonly job_name: string; readonly metrics_path?: string }[];
  };

  it("reads both processes where they answer, and the rules", () => {
    expect(jobs.map(({ job_name: job, metrics_path: at = "/metrics" }) => `${job} ${at}`)).toEqual([
      "guildwire-worker /metrics",
      "guildwire-hub /api/metrics",
    ]);
    expect(rules).toEqual(["alerts.yml"]);
  });

  it.skipIf(!HAS_PROMTOOL)(`is sound ${NEEDS_PROMTOOL}`, () => {
    expect(promtool(["check", "config", path("ops/prometheus.yml")])).toBe("");
  });
});

describe("the script that starts Prometheus", () => {
  const bin = mkdtempSync(join(tmpdir(), "guildwire-ops-"));
  afterAll(() => rmSync(bin, { recursive: true }));
  // In place of Prometheus: shows what it was started with, and what of it is readable to whom.
  writeFileSync(
    join(bin, "prometheus"),
    `#!/bin/sh
config=\${1#--config.file=}
shift
echo "# arguments: $*"
env | grep -E 'PASSWORD|TOKEN'
cat "$config"
${HAS_PROMTOOL ? 'promtool check config "$config" >&2 || exit 1' : ""}
for file in "$(dirname "$config")"/*; do stat -c '# %a' "$file"; done
for file in "$(dirname "$config")/password" "$(dirname "$config")/token"; do
  if [ -f "$file" ]; then echo "# secret: $(cat "$file")"; fi
done
rm -r "$(dirname "$config")"
`,
  );
  chmodSync(join(bin, "prometheus"), 0o755);

  function start(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
    const { status, stdout, stderr } = spawnSync("sh", [path("ops/prometheus.sh"), ...args], {
      env: { PATH: `${bin}:${process.env["PATH"]}`, TMPDIR: bin, ...env },
      encoding: "utf8",
    });
    return { status, stdout, stderr, config: parse(stdout) as Record<string, unknown> };
  }

  it("leaves everything as it is where nothing is set, and passes arguments on", () => {
    const { status, stdout, config } = start({}, "--storage.tsdb.retention.time=30d");
    expect(status).toBe(0);
    expect(stdout).toContain("# arguments: --storage.tsdb.retention.time=30d\n");
    expect(config).toEqual(parse(read("ops/prometheus.yml")));
  });

  it("fills in targets, the environment and an Alertmanager", () => {
    const { config } = start({
      GUILDWIRE_WORKER_TARGET: "127.0.0.1:4001",
      GUILDWIRE_HUB_TARGET: "hub.example:80",
      PROMETHEUS_ENVIRONMENT: "staging",
      PROMETHEUS_ALERTMANAGER_TARGET: "alerts:9093",
    });
    expect(config).toMatchObject({
      global: { external_labels: { environment: "staging" } },
      alerting: { alertmanagers: [{ static_configs: [{ targets: ["alerts:9093"] }] }] },
      scrape_configs: [
        { static_configs: [{ targets: ["127.0.0.1:4001"] }] },
        { static_configs: [{ targets: ["hub.example:80"] }] },
      ],
    });
  });

  it("sends samples elsewhere with a password that only this user can read", () => {
    const { config, stdout, stderr, status } = start({
      PROMETHEUS_REMOTE_WRITE_URL: "https://prometheus.example/api/prom/push?a='b'",
      PROMETHEUS_REMOTE_WRITE_USERNAME: "12345",
      PROMETHEUS_REMOTE_WRITE_PASSWORD: "o'pen: {sesame} #",
    });
    expect(stderr).not.toContain("FAILED");
    expect(status).toBe(0);
    expect(config["remote_write"]).toMatchObject([
      {
        url: "https://prometheus.example/api/prom/push?a='b'",
        basic_auth: { username: "12345", password_file: expect.stringContaining("/password") },
      },
    ]);
    expect(stdout).toContain("# secret: o'pen: {sesame} #\n");
    expect(stdout.match(/o'pen/g)).toHaveLength(1);
    expect(new Set(stdout.match(/^# \d{3}$/gm))).toEqual(new Set(["# 600"]));
  });

  it("takes a bearer token instead", () => {
    const { config, stdout } = start({
      PROMETHEUS_REMOTE_WRITE_URL: "https://prometheus.example/push",
      PROMETHEUS_REMOTE_WRITE_TOKEN: "t0ken",
    });
    expect(config["remote_write"]).toMatchObject([
      { authorization: { credentials_file: expect.stringContaining("/token") } },
    ]);
    expect(stdout).toContain("# secret: t0ken\n");
  });

  it("refuses a target that would mean something else", () => {
    const { status, stderr, stdout } = start({ GUILDWIRE_HUB_TARGET: 'hub"], x: [' });
    expect(status).toBe(78);
    expect(stderr).toContain("GUILDWIRE_HUB_TARGET");
    expect(stdout).toBe("");
  });
});
