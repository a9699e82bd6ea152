/** The kinds of panels that our dashboards have, as Grafana's schema wants them; who says less gets the house's defaults. */
import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
  type DataSourceRef,
  GraphDrawStyle,
  type GraphFieldConfig,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  MappingType,
  type OptionsWithLegend,
  type OptionsWithTooltip,
  type Panel,
  PercentChangeColorMode,
  SortOrder,
  StackingMode,
  ThresholdsMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizOrientation,
} from "@grafana/schema";
import type { Options as StatOptions } from "@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen";
import type { Options as TimelineOptions } from "@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen";

/** An expression and what its series are called: `{{label}}` stands for a label's value. */
export type Query = readonly [expr: string, legend: string];

/** Grafana's names of units. */
export type Unit = "short" | "s" | "bytes" | "ops" | "percentunit" | "none";

export interface PanelRequest {
  readonly title: string;
  /** One or two sentences: what is usual, what is not. */
  readonly description: string;
  /** Of 24 columns. */
  readonly width: number;
  readonly height: number;
  readonly panel: Omit<Panel, "id" | "gridPos" | "title" | "description">;
}

export const DATA_SOURCE: DataSourceRef = { type: "prometheus", uid: "$datasource" };
const GRAPH_HEIGHT = 8;
const NUMBER_HEIGHT = 4;

export interface GraphRequest {
  readonly unit: Unit;
  readonly width?: number;
  readonly stacked?: boolean;
  /** Drawn as a line: where it begins to matter. */
  readonly threshold?: number;
}

export function graph(
  title: string,
  description: string,
  queries: readonly Query[],
  { unit, width = 12, stacked = false, threshold }: GraphRequest,
): PanelRequest {
  const custom: GraphFieldConfig = {
    drawStyle: GraphDrawStyle.Line,
    lineWidth: 1,
    fillOpacity: stacked ? 40 : 8,
    spanNulls: false,
    stacking: { mode: stacked ? StackingMode.Normal : StackingMode.None, group: "A" },
    ...(threshold !== undefined && { thresholdsStyle: { mode: GraphThresholdsStyleMode.Line } }),
  };
  const options: OptionsWithLegend & OptionsWithTooltip = {
    legend: { showLegend: true, displayMode: LegendDisplayMode.List, placement: "bottom", calcs: [] },
    tooltip: { mode: TooltipDisplayMode.Multi, sort: SortOrder.Descending },
  };
  const steps = [
    { color: "green", value: null },
    ...(threshold === undefined ? [] : [{ color: "red", value: threshold }]),
  ];
  return {
    title,
    description,
    width,
    height: GRAPH_HEIGHT,
    panel: {
      type: "timeseries",
      datasource: DATA_SOURCE,
      targets: targetsOf(queries),
      fieldConfig: {
        defaults: {
          unit,
          min: 0,
          custom: { ...custom },
          thresholds: { mode: ThresholdsMode.Absolute, steps },
        },
        overrides: [],
      },
      options: { ...options },
    },
  };
}

export interface NumberRequest {
  readonly unit?: Unit;
  readonly width?: number;
  /** From here on it is red; or, where less is worse, `redBelow`. */
  readonly redFrom?: number;
  readonly redBelow?: number;
  /** Words for values. */
  readonly words?: Readonly<Record<string, readonly [text: string, color: "green" | "red" | "yellow"]>>;
  readonly decimals?: number;
  /** Shows what the series are called, in place of their numbers. */
  readonly names?: string;
}

export function number(
  title: string,
  description: string,
  expr: string,
  { unit = "short", width = 3, redFrom, redBelow, words, decimals, names }: NumberRequest = {},
): PanelRequest {
  const options: StatOptions = {
    colorMode: BigValueColorMode.Value,
    graphMode: words === undefined && names === undefined ? BigValueGraphMode.Area : BigValueGraphMode.None,
    justifyMode: BigValueJustifyMode.Auto,
    textMode: names === undefined ? BigValueTextMode.Auto : BigValueTextMode.Name,
    percentChangeColorMode: PercentChangeColorMode.Standard,
    showPercentChange: false,
    wideLayout: true,
    reduceOptions: { calcs: ["lastNotNull"], fields: "", values: false },
    orientation: VizOrientation.Auto,
  };
  const steps =
    redBelow === undefined
      ? [
          { color: "green", value: null },
          ...(redFrom === undefined ? [] : [{ color: "red", value: redFrom }]),
        ]
      : [
          { color: "red", value: null },
          { color: "green", value: redBelow },
        ];
  return {
    title,
    description,
    width,
    height: NUMBER_HEIGHT,
    panel: {
      type: "stat",
      datasource: DATA_SOURCE,
      targets: targetsOf([[expr, names ?? ""]]),
      fieldConfig: {
        defaults: {
          unit,
          ...(decimals !== undefined && { decimals }),
          thresholds: { mode: ThresholdsMode.Absolute, steps },
          mappings: words === undefined ? [] : [mapping(words)],
        },
        overrides: [],
      },
      options: { ...options },
    },
  };
}

/** One band per series, coloured by the words for its values. */
export function timeline(
  title: string,
  description: string,
  queries: readonly Query[],
  words: NonNullable<NumberRequest["words"]>,
  { width = 24, height = GRAPH_HEIGHT }: { readonly width?: number; readonly height?: number } = {},
): PanelRequest {
  const options: TimelineOptions = {
    mergeValues: true,
    rowHeight: 0.8,
    showValue: VisibilityMode.Never,
    legend: { showLegend: true, displayMode: LegendDisplayMode.List, placement: "bottom", calcs: [] },
    tooltip: { mode: TooltipDisplayMode.Single, sort: SortOrder.None },
  };
  return {
    title,
    description,
    width,
    height,
    panel: {
      type: "state-timeline",
      datasource: DATA_SOURCE,
      targets: targetsOf(queries),
      fieldConfig: {
        defaults: {
          custom: { fillOpacity: 80, lineWidth: 0 },
          mappings: [mapping(words)],
          thresholds: { mode: ThresholdsMode.Absolute, steps: [{ color: "text", value: null }] },
        },
        overrides: [],
      },
      options: { ...options },
    },
  };
}

function mapping(words: NonNullable<NumberRequest["words"]>) {
  const results = Object.entries(words).map(
    ([value, [text, color]], index) => [value, { text, color, index }] as const,
  );
  return { type: MappingType.ValueToText as const, options: Object.fromEntries(results) };
}

function targetsOf(queries: readonly Query[]): Record<string, unknown>[] {
  return queries.map(([expr, legendFormat], index) => ({
    refId: String.fromCharCode("A".charCodeAt(0) + index),
    datasource: DATA_SOURCE,
    editorMode: "code",
    expr,
    legendFormat: legendFormat === "" ? "__auto" : legendFormat,
    range: true,
  }));
}
