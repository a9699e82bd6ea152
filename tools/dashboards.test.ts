/** The dashboards: do they ask for what is published, and show all of it? */
import { mkdtempDisposableSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Panel } from "@grafana/schema";
import { describe, expect, it } from "vitest";
import { ALERT_RULES } from "./alert-rules.ts";
import { DASHBOARDS } from "./dashboards/index.ts";
import { HUB_METRICS, WORKER_METRICS } from "./metrics-tables.ts";
import { mentions } from "./promql.ts";
import { HAS_PROMTOOL, NEEDS_PROMTOOL, promtool } from "./promtool.ts";
import { unknownMentions } from "./published-metrics.ts";

interface Asked {
  readonly title: string;
  readonly expr: string;
}

function questionsOf(panels: readonly Partial<Panel>[]): readonly Asked[] {
  return panels.flatMap(({ title = "", targets = [] }) =>
    targets.map((target) => ({ title, expr: String(target["expr"]) })),
  );
}

describe.each(DASHBOARDS)("$path", ({ dashboard: { panels = [], title, uid, templating } }) => {
  const questions = questionsOf(panels as readonly Partial<Panel>[]);

  it.each(questions)("$title asks for what is published: $expr", ({ expr }) => {
    expect(unknownMentions(expr)).toEqual([]);
  });

  it("says of each panel what is usual in it", () => {
    const silent = panels.filter(
      (panel) => panel.type !== "row" && !("description" in panel && panel.description),
    );
    expect(silent.map((panel) => panel.title)).toEqual([]);
  });

  it("has panels side by side, none over another and none beyond the edge", () => {
    const taken = new Set<string>();
    for (const { gridPos = { x: 0, y: 0, w: 0, h: 0 } } of panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(taken).not.toContain(`${x} ${y}`);
          taken.add(`${x} ${y}`);
        }
    }
    const ids = panels.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  it("lets one choose what it uses", () => {
    expect(title).toMatch(/^Guildwire/);
    expect(uid).toMatch(/^[a-z-]{1,40}$/);
    const choices = new Set(templating?.list?.map(({ name }) => name));
    const used = new Set(
      Array.from(JSON.stringify(panels).matchAll(/\$(?!__)(\w+)/g), ([, name = ""]) => name),
    );
    expect(choices).toEqual(used);
  });

  it.skipIf(!HAS_PROMTOOL)(`has expressions that Prometheus can read ${NEEDS_PROMTOOL}`, () => {
    const rules = questions.map(({ expr }, index) => ({
      record: `panel:${index}`,
      expr: expr.replaceAll("$__rate_interval", "1m").replaceAll("$instance", ".+"),
    }));
    // JSON is YAML. The linter's word on doubled records is none of ours.
    using folder = mkdtempDisposableSync(join(tmpdir(), "guildwire-panels-"));
    const file = join(folder.path, "rules.yml");
    writeFileSync(file, JSON.stringify({ groups: [{ name: "panels", rules }] }));
    const problems = promtool(["check", "rules", "--lint=none", file]);
    expect(problems).toBe("");
  });
});

describe("what is published", () => {
  it("is all to be seen on a dashboard or watched by a rule", () => {
    const asked = [
      ...DASHBOARDS.flatMap(({ dashboard }) =>
        questionsOf((dashboard.panels ?? []) as readonly Partial<Panel>[]),
      ),
      ...ALERT_RULES,
    ];
    const seen = new Set(
      asked.flatMap(({ expr }) =>
        mentions(expr).flatMap(({ metric }) => [metric, metric.replace(/_(bucket|sum|count)$/, "")]),
      ),
    );
    const unseen = [...WORKER_METRICS, ...HUB_METRICS].filter(({ name }) => !seen.has(name));
    expect(unseen.map(({ name }) => name)).toEqual([]);
  });
});
