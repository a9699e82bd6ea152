/** The alert rules of ops/alerts.yml, and their table in docs/operating.md. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { table, withGenerated } from "./markdown.ts";
import { REPOSITORY } from "./source-tree.ts";

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: Readonly<Record<"summary" | "description" | "action" | "runbook_url", string>>;
}

export const DOCS_URL = "https://github.com/guildwire/guildwire/blob/main/docs/";

const { groups } = parse(readFileSync(join(REPOSITORY, "ops/alerts.yml"), "utf8")) as {
  readonly groups: readonly { readonly rules: readonly AlertRule[] }[];
};
export const ALERT_RULES: readonly AlertRule[] = groups.flatMap(({ rules }) => rules);

export function withAlertsTable(page: string): string {
  return withGenerated(page, "alerts", alertsTable());
}

function alertsTable(): string {
  return table([
    ["alert", "severity", "after", "what it means", "what to do"],
    ...ALERT_RULES.map(({ alert, labels, annotations, ...rule }) => [
      `\`${alert}\``,
      labels.severity,
      rule.for ?? "at once",
      annotations.summary,
      `${annotations.action}${moreOf(annotations.runbook_url)}`,
    ]),
  ]);
}

/** Where more is said, if that is not the page of the table itself. */
function moreOf(url: string): string {
  const path = url.slice(DOCS_URL.length);
  if (path === "operating.md#alerts") return "";
  const target = path.replace(/^operating\.md/, "");
  const code = /#(e\d{3})-/.exec(path)?.[1]?.toUpperCase();
  return ` [${code ?? "More"}](${target})`;
}
