/** Writes the matrix as Markdown: what was wanted, what was seen, and nothing else. */
import { cpus, totalmem } from "node:os";
import { CLIENTS, type ClientEntry } from "./client-table.ts";
import type { Results } from "./results.ts";
import { SCENARIOS } from "./scenarios/index.ts";
import type { Scenario } from "./scenarios/scenario.ts";

const SIGNS = { pass: "✓ ", fail: "✗ ", note: "" } as const;

export function reportOf(results: Results): string {
  const ran = CLIENTS.filter((client) => SCENARIOS.some(({ name }) => results.get(client.name, name)));
  const closes = SCENARIOS.filter(({ name }) => name.startsWith("close-"));
  const others = SCENARIOS.filter((scenario) => !closes.includes(scenario));
  return [
    "# Fault matrix",
    "",
    "Written by `pnpm bench:faults`; do not edit. Each cell is one trial: a fresh simulator (`packages/discord-sim`), a",
    "tap that notes what passes and breaks what is to break, and one client in a process of its own with its default",
    "settings and without compression. The heartbeat interval is 2 s and Hello comes 30 ms after the 101, unless the row",
    "says otherwise. Times count from the fault, as seen on the wire. ✓ and ✗ are against the wanted column; rows without",
    "one only tell what was seen.",
    "",
    `Machine: ${cpus().length} cores (${cpus()[0]?.model.trim() ?? "unknown"}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, ${process.platform}.`,
    "",
    "## What was wanted and what was seen",
    "",
    ...table(others, ran, results),
    "",
    "## Close codes",
    "",
    "Closed with the code whenever live, for 20 s (fatal codes: closed once, watched for 10 s). R = comes back with",
    "RESUME first, I = with IDENTIFY first.",
    "",
    ...table(closes, ran, results),
    "",
    "## Totals",
    "",
    ...totals(ran, results),
    "",
    "## How to read it",
    "",
    ...summary(ran, results),
    ...READING,
    "",
  ].join("\n");
}

function table(scenarios: readonly Scenario[], clients: readonly ClientEntry[], results: Results): string[] {
  const head = ["fault", "wanted", ...clients.map(({ name }) => name)];
  const rows = scenarios.map(({ name, title, wanted }) => [
    title,
    wanted ?? "–",
    ...clients.map((client) => {
      const cell = results.get(client.name, name);
      return cell === undefined ? "not run" : SIGNS[cell.verdict] + cell.observed;
    }),
  ]);
  return aligned(head, rows);
}

function totals(clients: readonly ClientEntry[], results: Results): string[] {
  const rows = clients.map((client) => {
    const cells = SCENARIOS.flatMap(({ name }) => results.get(client.name, name) ?? []);
    const count = (verdict: string): number => cells.filter((cell) => cell.verdict === verdict).length;
    const versions = [...new Set(cells.map(({ version }) => version))].join(", ");
    const dates = cells.map(({ ranAt }) => ranAt.slice(0, 16).replace("T", " ")).toSorted();
    return [client.name, versions, String(count("pass")), String(count("fail")), `${dates.at(-1)} UTC`];
  });
  const head = ["client", "version", "✓", "✗", "last trial"];
  return aligned(head, rows);
}

/** As the formatter would have it: every column as wide as its widest cell. */
function aligned(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[], fill: string): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(" | ")} |`;
  return [
    line(head, " "),
    line(
      head.map(() => ""),
      "-",
    ),
    ...rows.map((row) => line(row, " ")),
  ];
}

/** What the tables say, counted and not remembered. */
function summary(clients: readonly ClientEntry[], results: Results): string[] {
  const judgedRows = SCENARIOS.filter(({ wanted }) => wanted !== null);
  const failing = (client: ClientEntry): readonly string[] =>
    judgedRows
      .filter(({ name }) => results.get(client.name, name)?.verdict !== "pass")
      .map(({ name }) => name);
  const perfect = clients.filter((client) => failing(client).length === 0).map(({ name }) => name);
  const ours = clients.filter(({ npmPackage }) => npmPackage === null);
  const alone = judgedRows.filter(
    ({ name }) =>
      clients.length > 1 &&
      clients.every(({ name: client, npmPackage }) => {
        const verdict = results.get(client, name)?.verdict;
        return npmPackage === null ? verdict === "pass" : verdict === "fail";
      }),
  );
  return [
    `- Passes every judged row: ${perfect.join(", ") || "nobody"}.`,
    ...ours.map((client) => `- Ours does not pass: ${failing(client).join(", ") || "nothing"}.`),
    `- Passed by ours alone: ${alone.map(({ name }) => name).join(", ") || "nothing"}.`,
  ];
}

const READING = [
  "- One trial for each cell; `(of n)` marks the first of n trials that failed, or the last when all passed. Back-off",
  "  is random, so times differ between runs by up to the spread of the client (ours: ±20 %); several trials share the",
  "  machine, so tens of milliseconds mean nothing.",
  "- A client that asks for another API version than 10, or puts `Bot ` before its token in Identify, is let through by",
  "  the tap; seyfert speaks only TLS on port 443, so its `https.request` is pointed at the tap.",
  "- `token printed` means that the client gave its token to an error or warning event, which a program would log.",
  "- A client that is slow to come back passes the flapping rows by that; the reset row tells.",
  "- `dials` and `connections` count upgrade requests; the connection that was lost is not among them.",
];
