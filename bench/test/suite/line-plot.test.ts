import { describe, expect, it } from "vitest";
import { type LinePlot, linePlotSvg } from "../../src/suite/line-plot.ts";

const GROWTH: LinePlot = {
  title: "Commit by people",
  x: { label: "people in voice", scale: "logarithmic" },
  y: { label: "CPU, µs", scale: "logarithmic" },
  lines: [
    {
      name: "hub",
      points: [
        [10, 20],
        [100, 40],
        [1_000, 80],
      ],
    },
    {
      name: "worker",
      points: [
        [10, 30],
        [100, 30],
        [1_000, 30],
      ],
    },
  ],
};

/** The places of each line's points on the picture. */
function lines(svg: string): readonly (readonly (readonly number[])[])[] {
  return [...svg.matchAll(/<polyline [^>]*points="([^"]*)"/g)].map(([, points = ""]) =>
    points.split(" ").map((pair) => pair.split(",").map(Number)),
  );
}

describe("a plot of lines", () => {
  it("puts equal factors at equal distances on logarithmic axes", () => {
    const [[first, second, third] = []] = lines(linePlotSvg(GROWTH));
    const dx = (second?.[0] ?? 0) - (first?.[0] ?? 0);
    const dy = (second?.[1] ?? 0) - (first?.[1] ?? 0);
    expect(dx).toBeGreaterThan(0);
    expect(dy).toBeLessThan(0);
    expect((third?.[0] ?? 0) - (second?.[0] ?? 0)).toBeCloseTo(dx, 0);
    expect((third?.[1] ?? 0) - (second?.[1] ?? 0)).toBeCloseTo(dy, 0);
  });

  it("draws a cost that does not grow as a level line", () => {
    const worker = lines(linePlotSvg(GROWTH))[1] ?? [];
    expect(new Set(worker.map(([, y]) => y)).size).toBe(1);
  });

  it("keeps every point inside the picture", () => {
    for (const [x = -1, y = -1] of lines(linePlotSvg(GROWTH)).flat()) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(720);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y).toBeLessThanOrEqual(420);
    }
  });

  it("shows proportion along a cost that is one", () => {
    const proportional: LinePlot = {
      ...GROWTH,
      showsProportion: true,
      lines: [
        {
          name: "hub",
          points: [
            [10, 20],
            [1_000, 2_000],
          ],
        },
      ],
    };
    const svg = linePlotSvg(proportional);
    const dashed =
      /class="proportion" x1="([\d.]+)" y1="([\d.]+)" x2="([\d.]+)" y2="([\d.]+)"/.exec(svg) ?? [];
    const [, x1, y1, x2, y2] = dashed.map(Number);
    const [[first, last] = []] = lines(svg);
    expect([x1, y1]).toEqual(first);
    expect([x2, y2]).toEqual(last);
  });

  it("has colours for a light page and for a dark one", () => {
    const svg = linePlotSvg(GROWTH);
    expect(svg).toContain("prefers-color-scheme: dark");
    expect(svg.match(/\.paper \{ fill: (#\w+) \}/g)).toHaveLength(2);
  });

  it("names each line once and lets no text break the picture", () => {
    const [hub, worker] = GROWTH.lines;
    const svg = linePlotSvg({
      ...GROWTH,
      title: `a < b & "c"`,
      lines: [{ ...hub, name: "<hub>", points: hub?.points ?? [] }, ...(worker ? [worker] : [])],
    });
    expect(svg).toContain("a &lt; b &amp; &quot;c&quot;");
    expect(svg.match(/>&lt;hub&gt;</g)).toHaveLength(1);
    expect(svg).not.toContain("<hub>");
  });

  it("begins a linear axis at nothing and takes noughts there", () => {
    const svg = linePlotSvg({
      ...GROWTH,
      x: { label: "s", scale: "linear" },
      y: { label: "MiB", scale: "linear" },
      lines: [
        {
          name: "worker",
          points: [
            [0, 0],
            [10, 73],
          ],
        },
      ],
    });
    expect(svg).toContain(">0</text>");
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  it("refuses what has no place on a logarithmic axis", () => {
    const lines = [{ name: "hub", points: [[0, 1]] as const }];
    expect(() => linePlotSvg({ ...GROWTH, lines })).toThrow(RangeError);
    expect(() => linePlotSvg({ ...GROWTH, lines: [] })).toThrow(RangeError);
  });
});
