import { memo } from "react";
import type { Series } from "./day-series.ts";
import { PLOT_HEIGHT, plotPath } from "./plot-path.ts";

interface SparklineProps {
  readonly people: Series;
  readonly className: string;
  /** A value to mark. */
  readonly at?: number | null;
}

/** A day as a small area. A picture only: who shows it says in words what matters of it. */
export function Sparkline({ people, className, at = null }: SparklineProps) {
  return (
    <svg
      aria-hidden="true"
      className={`sparkline ${className}`}
      data-plot=""
      preserveAspectRatio="none"
      viewBox={`0 0 ${people.length} ${PLOT_HEIGHT}`}
    >
      <Curve people={people} />
      {at !== null && <path className="sparkline-mark" d={`M${at + 0.5} 0V${PLOT_HEIGHT}`} />}
    </svg>
  );
}

const Curve = memo(function Curve({ people }: { readonly people: Series }) {
  const { area, line } = plotPath(people);
  return (
    <>
      <path className="sparkline-ground" d={`M0 ${PLOT_HEIGHT}H${people.length}`} />
      <path className="sparkline-area" d={area} />
      <path className="sparkline-line" d={line} />
    </>
  );
});
