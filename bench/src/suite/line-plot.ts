/**
 * Lines over a plane as an SVG that stands by itself: pure. It takes the colours of the page's light or dark mode, and
 * tells its lines apart by marks as well as by colours. A logarithmic axis has its ticks at 1, 2 and 5 of each decade
 * where there is room, and shows proportion as a straight line of slope 1.
 */
import { decadeTicks, evenTicks } from "./ticks.ts";

export interface LinePlot {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly PlotLine[];
  /** A dashed line from the first point of the first line, along which cost grows as fast as what it grows with. */
  readonly showsProportion?: boolean;
}

export interface Axis {
  /** With its unit, such as "people in voice" or "CPU per event, µs". */
  readonly label: string;
  readonly scale: "logarithmic" | "linear";
}

export interface PlotLine {
  readonly name: string;
  readonly points: readonly PlotPoint[];
}

export type PlotPoint = readonly [x: number, y: number];

const WIDTH = 720;
const FIELD = { left: 76, right: WIDTH - 24, top: 52, bottom: 336 } as const;
const LEGEND = { top: 402, rowHeight: 22, columns: 3 } as const;
const MARK_SIZE = 4;
/** Above this, marks would run together; the line is enough. */
const MARKED_POINTS_MAX = 24;

/** @throws RangeError for a plot without points, and for what has no place on a logarithmic axis. */
export function linePlotSvg(plot: LinePlot): string {
  const points = plot.lines.flatMap((line) => line.points);
  const height = LEGEND.top + Math.ceil(plot.lines.length / LEGEND.columns) * LEGEND.rowHeight - 4;
  const x = scaleOf(
    plot.x,
    points.map(([value]) => value),
    FIELD.left,
    FIELD.right,
  );
  const y = scaleOf(
    plot.y,
    points.map(([, value]) => value),
    FIELD.bottom,
    FIELD.top,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(plot.title)}">`,
    `<style>${STYLE}</style>`,
    `<rect class="paper" width="${WIDTH}" height="${height}" rx="6"/>`,
    `<text class="title" x="${FIELD.left}" y="28">${escaped(plot.title)}</text>`,
    ...x.ticks.map(({ at, text }) =>
      [
        `<line class="grid" x1="${at}" y1="${FIELD.top}" x2="${at}" y2="${FIELD.bottom}"/>`,
        `<text x="${at}" y="${FIELD.bottom + 18}" text-anchor="middle">${text}</text>`,
      ].join(""),
    ),
    ...y.ticks.map(({ at, text }) =>
      [
        `<line class="grid" x1="${FIELD.left}" y1="${at}" x2="${FIELD.right}" y2="${at}"/>`,
        `<text x="${FIELD.left - 8}" y="${at + 4}" text-anchor="end">${text}</text>`,
      ].join(""),
    ),
    `<text x="${(FIELD.left + FIELD.right) / 2}" y="${FIELD.bottom + 38}" text-anchor="middle">${escaped(plot.x.label)}</text>`,
    `<text transform="translate(18 ${(FIELD.top + FIELD.bottom) / 2}) rotate(-90)" text-anchor="middle">${escaped(plot.y.label)}</text>`,
    plot.showsProportion === true ? proportionLine(plot, x, y) : "",
    ...plot.lines.map((line, index) => lineSvg(line, index, x, y)),
    ...legend(plot.lines),
    "</svg>\n",
  ]
    .filter((part) => part !== "")
    .join("\n");
}

interface Scale {
  /** To a place on the picture, to a tenth of a pixel. */
  readonly place: (value: number) => number;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  readonly least: number;
  readonly most: number;
}

function scaleOf({ label, scale }: Axis, values: readonly number[], from: number, to: number): Scale {
  if (values.length === 0) throw new RangeError("a plot without points");
  const isLogarithmic = scale === "logarithmic";
  if (values.some((value) => !Number.isFinite(value) || (isLogarithmic && value <= 0))) {
    throw new RangeError(`${label}: a value has no place on a ${scale} axis`);
  }
  const ticks = isLogarithmic
    ? decadeTicks(Math.min(...values), Math.max(...values))
    : evenTicks(Math.min(0, ...values), Math.max(...values));
  const [least = 0, most = 1] = [ticks[0], ticks.at(-1)];
  const on = (value: number): number => (isLogarithmic ? Math.log10(value) : value);
  const place = (value: number): number =>
    Math.round((from + ((on(value) - on(least)) / (on(most) - on(least))) * (to - from)) * 10) / 10;
  return { place, ticks: ticks.map((tick) => ({ at: place(tick), text: tickText(tick) })), least, most };
}

function lineSvg({ points }: PlotLine, index: number, x: Scale, y: Scale): string {
  const places = points.map(([px, py]) => [x.place(px), y.place(py)] as const);
  const path = `<polyline class="line l${index % COLOURS}" points="${places.map((place) => place.join(",")).join(" ")}"/>`;
  const marks = points.length > MARKED_POINTS_MAX ? [] : places.map((place) => mark(place, index));
  return [path, ...marks].join("");
}

/** Where y grows as x does, as far as the field reaches. */
function proportionLine({ lines }: LinePlot, x: Scale, y: Scale): string {
  const [firstX, firstY] = lines[0]?.points[0] ?? [0, 0];
  const factor = Math.min(x.most / firstX, y.most / firstY);
  const end = [x.place(firstX * factor), y.place(firstY * factor)] as const;
  return `<line class="proportion" x1="${x.place(firstX)}" y1="${y.place(firstY)}" x2="${end[0]}" y2="${end[1]}"/>`;
}

function legend(lines: readonly PlotLine[]): readonly string[] {
  const width = (FIELD.right - FIELD.left) / LEGEND.columns;
  return lines.map(({ name }, index) => {
    const x = FIELD.left + (index % LEGEND.columns) * width;
    const y = LEGEND.top + Math.floor(index / LEGEND.columns) * LEGEND.rowHeight;
    return [
      mark([x + MARK_SIZE, y - MARK_SIZE], index),
      `<text x="${x + 16}" y="${y}">${escaped(name)}</text>`,
    ].join("");
  });
}

function mark([x, y]: readonly [number, number], index: number): string {
  const size = MARK_SIZE;
  const shapes = [
    `<circle class="mark l${index % COLOURS}" cx="${x}" cy="${y}" r="${size}"/>`,
    `<rect class="mark l${index % COLOURS}" x="${x - size}" y="${y - size}" width="${size * 2}" height="${size * 2}"/>`,
    `<path class="mark l${index % COLOURS}" d="M${x} ${y - size - 1}L${x + size + 1} ${y + size}H${x - size - 1}Z"/>`,
  ];
  return shapes[index % shapes.length] ?? "";
}

/** `12k` is shorter than `12,000`, and a tick has little room. */
function tickText(value: number): string {
  const units = [
    [1e9, "G"],
    [1e6, "M"],
    [1e3, "k"],
  ] as const;
  const [factor, unit] = units.find(([least]) => Math.abs(value) >= least) ?? [1, ""];
  return `${Number((value / factor).toPrecision(6))}${unit}`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Lines have so many colours; the next one has the first again, with another mark. */
const COLOURS = 5;
const STYLE = `
text { font: 13px system-ui, sans-serif; fill: #3d444d }
.title { font-size: 15px; font-weight: 600; fill: #1f2328 }
.paper { fill: #ffffff }
.grid { stroke: #d8dee4; stroke-width: 1 }
.proportion { stroke: #818b98; stroke-width: 1; stroke-dasharray: 5 4 }
.line { fill: none; stroke-width: 2; stroke-linejoin: round }
.l0 { stroke: #0969da } .mark.l0 { fill: #0969da }
.l1 { stroke: #bc4c00 } .mark.l1 { fill: #bc4c00 }
.l2 { stroke: #1a7f37 } .mark.l2 { fill: #1a7f37 }
.l3 { stroke: #8250df } .mark.l3 { fill: #8250df }
.l4 { stroke: #cf222e } .mark.l4 { fill: #cf222e }
@media (prefers-color-scheme: dark) {
text { fill: #b7bdc8 }
.title { fill: #f0f6fc }
.paper { fill: #0d1117 }
.grid { stroke: #2f353d }
.l0 { stroke: #58a6ff } .mark.l0 { fill: #58a6ff }
.l1 { stroke: #f0883e } .mark.l1 { fill: #f0883e }
.l2 { stroke: #56d364 } .mark.l2 { fill: #56d364 }
.l3 { stroke: #bc8cff } .mark.l3 { fill: #bc8cff }
.l4 { stroke: #ff7b72 } .mark.l4 { fill: #ff7b72 }
}
`;
