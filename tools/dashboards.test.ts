/** The dashboards are JSON files: they ask for what is published, and show all of it. */
import { mkdtempDisposableSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ALERT_RULES } from "./alert-rules.ts";
import { HUB_METRICS, WORKER_METRICS } from "./metrics-tables.ts";
import { mentions } from "./promql.ts";
import { HAS_PROMTOOL, NEEDS_PROMTOOL, promtool } from "./promtool.ts";
import { unknownMentions } from "./published-metrics.ts";
import { REPOSITORY } from "./source-tree.ts";

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title?: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string }[];
}

interface Dashboard {
  readonly title: string;
  readonly uid: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string }[] };
}

const FOLDER = join(REPOSITORY, "ops/grafana/dashboards");
const DASHBOARDS = readdirSync(FOLDER).map((path) => ({
  path,
  dashboard: JSON.parse(readFileSync(join(FOLDER, path), "utf8")) as Dashboard,
}));

interface Asked {
  readonly title: string;
  readonly expr: string;
}

function questionsOf(panels: readonly Panel[]): readonly Asked[] {
  return panels.flatMap(({ title = "", targets = [] }) => targets.map(({ expr }) => ({ title, expr })));
}

describe.each(DASHBOARDS)("$path", ({ dashboard: { panels, title, uid, templating } }) => {
  const questions = questionsOf(panels);

  it.each(questions)("$title asks for what is published: $expr", ({ expr }) => {
    expect(unknownMentions(expr)).toEqual([]);
  });

  it("says of each panel what is usual in it", () => {
    const silent = panels.filter((panel) => panel.type !== "row" && !panel.description);
    expect(silent.map((panel) => panel.title)).toEqual([]);
  });

  it("has panels side by side, none over another and none beyond the edge", () => {
    const taken = new Set<string>();
    for (const { gridPos } of panels) {
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
    const choices = new Set(templating.list.map(({ name }) => name));
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
    const asked = [...DASHBOARDS.flatMap(({ dashboard }) => questionsOf(dashboard.panels)), ...ALERT_RULES];
    const seen = new Set(
      asked.flatMap(({ expr }) =>
        mentions(expr).flatMap(({ metric }) => [metric, metric.replace(/_(bucket|sum|count)$/, "")]),
      ),
    );
    const unseen = [...WORKER_METRICS, ...HUB_METRICS].filter(({ name }) => !seen.has(name));
    expect(unseen.map(({ name }) => name)).toEqual([]);
  });
});
