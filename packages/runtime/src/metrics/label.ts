/** Names, labels and numbers as the text format wants them. */

/** Values of one series, in the order of its family's label names, and its number. */
export type Sample = readonly [values: readonly string[], value: number];

/** Without `:`, which is for recording rules. */
export const METRIC_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
export const LABEL_NAME = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;

export function renderSample(name: string, labelNames: readonly string[], [values, value]: Sample): string {
  const pairs = labelNames.map((label, index) => `${label}="${escaped(values[index] ?? "")}"`);
  const labels = pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
  return `${name}${labels} ${renderNumber(value)}\n`;
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

/** As Go reads them. JavaScript writes an infinity otherwise. */
export function renderNumber(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  return value === Number.NEGATIVE_INFINITY ? "-Inf" : String(value);
}
