/** A series as SVG paths: steps, since each value is the most of a stretch, and gaps where nothing is known. */
import type { Series } from "./day-series.ts";

export const PLOT_HEIGHT = 24;

export interface PlotPath {
  readonly area: string;
  readonly line: string;
  /** What the top of the plot stands for. */
  readonly top: number;
}

/** Of a room with one visitor the plot is no wall. */
const TOP_MIN = 4;

/** One unit of width for each value. */
export function plotPath(people: Series): PlotPath {
  const top = Math.max(TOP_MIN, ...people.map((count) => count ?? 0));
  const height = (count: number): number => PLOT_HEIGHT - round(((PLOT_HEIGHT - 1) * count) / top);
  const area: string[] = [];
  const line: string[] = [];
  let before: number | null = null;
  for (const [x, count] of people.entries()) {
    if (count !== null) {
      const y = height(count);
      if (before === null) {
        area.push(`M${x} ${PLOT_HEIGHT}V${y}`);
        line.push(`M${x} ${y}`);
      } else if (count !== before) {
        area.push(`H${x}V${y}`);
        line.push(`H${x}V${y}`);
      }
    }
    const isEnd = count !== null && (people[x + 1] ?? null) === null;
    if (isEnd) {
      area.push(`H${x + 1}V${PLOT_HEIGHT}Z`);
      line.push(`H${x + 1}`);
    }
    before = count;
  }
  return { area: area.join(""), line: line.join(""), top };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
