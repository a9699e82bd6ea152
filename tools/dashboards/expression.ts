/** The forms of PromQL that our panels ask in. `$instance` and `$__rate_interval` are Grafana's to fill in. */

const CHOSEN = 'instance=~"$instance"';

/** The series of the chosen instances. */
export function of(metric: string, ...matchers: readonly string[]): string {
  return `${metric}{${[CHOSEN, ...matchers].join(", ")}}`;
}

/** Per second, summed over all labels but these. */
export function rateOf(metric: string, by: string, ...matchers: readonly string[]): string {
  return `sum by (${by}) (rate(${of(metric, ...matchers)}[$__rate_interval]))`;
}

/** How many within the last `window`, summed over all labels but these. */
export function increaseOf(
  metric: string,
  by: string,
  window: string,
  ...matchers: readonly string[]
): string {
  return `sum by (${by}) (increase(${of(metric, ...matchers)}[${window}]))`;
}

/** Median, 95 and 99 of 100, of a histogram. */
export function quantilesOf(histogram: string): readonly (readonly [expr: string, legend: string])[] {
  return [0.5, 0.95, 0.99].map((quantile) => [quantileOf(histogram, quantile), `p${quantile * 100}`]);
}

export function quantileOf(histogram: string, quantile: number): string {
  return `histogram_quantile(${quantile}, ${rateOf(`${histogram}_bucket`, "le")})`;
}
