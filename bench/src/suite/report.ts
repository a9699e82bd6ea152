/** RESULTS.md from what is in results.json. */
import type { AnyBenchmark } from "./benchmark.ts";
import { peerVersions } from "./machine.ts";
import type { Kept, Results } from "./results.ts";
import type { Section, Table } from "./section.ts";

interface Part {
  readonly section: Section;
  readonly kept: Kept;
}

export function reportOf(benchmarks: readonly AnyBenchmark[], results: Results): string {
  const parts = benchmarks.flatMap((one): readonly Part[] => {
    const kept = results.get(one.name);
    if (kept === undefined) return [];
    return [{ section: one.section(kept.result), kept }];
  });
  const markdown = [
    "# Results",
    "Written by `pnpm bench`; what is measured and how is said in each section. Peers and ourselves ran in the same " +
      "run, interleaved, in several rounds; figures are medians with the smallest and largest round in parentheses. " +
      "Machines are noisy: read the ratios, and trust CPU time before anything by the clock.",
    ...machineLines(parts),
    `Peers: ${peerVersions().join(", ")}.`,
    "## What was wanted",
    wantedTable(parts.map(({ section }) => section)),
    ...parts.flatMap(sectionLines),
  ].join("\n\n");
  return `${markdown}\n`;
}

function machineLines(parts: readonly Part[]): readonly string[] {
  const machines = new Set(
    parts.map(
      ({
        kept: {
          machine: { cpu, cores, memoryGiB, kernel, node },
        },
      }) => `${cpu}, ${cores} cores, ${memoryGiB} GiB, Linux ${kernel}, Node.js ${node}`,
    ),
  );
  return [...machines].map((line) => `Machine: ${line}.`);
}

function wantedTable(sections: readonly Section[]): string {
  return tableText({
    head: ["section", "what", "wanted, at most", "measured", "holds"],
    rows: sections.flatMap(({ title, wanted }) =>
      wanted.map(({ what, measured, atMost, unit = "×" }) => [
        title,
        what,
        `${atMost} ${unit}`,
        measured === undefined ? "–" : `${figure(measured)} ${unit}`,
        measured !== undefined && measured <= atMost ? "yes" : "**no**",
      ]),
    ),
  });
}

function sectionLines({ section, kept: { machine, quick, rounds, failures } }: Part): readonly string[] {
  return [
    `## ${section.title}`,
    section.how,
    ...(quick ? ["_A quick run: too short for its figures to be trusted._"] : []),
    ...section.tables.flatMap(tableLines),
    ...(section.remarks ?? []),
    ...failures.map((what) => `**Not measured**: ${what}`),
    `Measured on ${machine.ranAt.slice(0, 10)}${rounds === undefined ? "" : `, in ${rounds} rounds`}.`,
  ];
}

/** A section's figures alone, to be read where they were made. */
export function figuresOf(section: Section): string {
  return [...section.tables.flatMap(tableLines), wantedTable([section])].join("\n\n");
}

function tableLines(table: Table): readonly string[] {
  return [...(table.caption === undefined ? [] : [`**${table.caption}**`]), tableText(table)];
}

function tableText({ head, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  // Figures stand under one another when they end at the same place, words when they begin there.
  const isFigures = (column: number) => rows.every((cells) => /^[\d–_-]/.test(cells[column] ?? "–"));
  const rule = head.map((_, column) => (column > 0 && isFigures(column) ? "--:" : "---"));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

/** Three digits that count. */
export function figure(value: number): string {
  if (value === 0) return "0";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString("en", { maximumFractionDigits: Math.min(digits, 4), useGrouping: true });
}
