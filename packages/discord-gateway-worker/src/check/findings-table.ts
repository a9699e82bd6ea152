/** Findings as a person reads them: a mark, a name, what was seen, and below it what to do. Pure. */
import { ERROR_CODES } from "@guildwire/runtime/errors";
import type { Finding } from "./finding.ts";

const MARKS: Readonly<Record<Finding["mark"], string>> = { pass: "✓", advice: "!", fail: "✗", skipped: "–" };

export function findingsTable(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.flatMap((finding) => {
    const line = `  ${MARKS[finding.mark]} ${finding.name.padEnd(width)}  ${finding.detail}`;
    const indent = " ".repeat(width + 6);
    switch (finding.mark) {
      case "fail": {
        const { code, name } = ERROR_CODES[finding.error];
        return [line, `${indent}→ ${finding.remedy}`, `${indent}  ${code} ${name}, docs/errors.md`];
      }
      case "advice":
        return [line, `${indent}→ ${finding.remedy}`];
      default:
        return [line];
    }
  });
  return `${[...lines, "", summary(findings)].join("\n")}\n`;
}

function summary(findings: readonly Finding[]): string {
  const count = (mark: Finding["mark"]) => findings.filter((finding) => finding.mark === mark).length;
  const failed = count("fail");
  const parts = [`${count("pass")} right`, `${failed} wrong`];
  if (count("advice") > 0) parts.push(`${count("advice")} worth a look`);
  if (count("skipped") > 0) parts.push(`${count("skipped")} not looked at`);
  return `  ${parts.join(", ")}${failed === 0 ? ": the worker can start" : ""}`;
}
