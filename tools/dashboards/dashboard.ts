/** A dashboard: rows of panels, laid out from left to right, and the choices at its top. */
import {
  type Dashboard,
  DashboardCursorSync,
  type Panel,
  type RowPanel,
  type VariableModel,
  VariableRefresh,
} from "@grafana/schema";
import { DATA_SOURCE, type PanelRequest } from "./panel.ts";

export interface Row {
  readonly title: string;
  readonly panels: readonly PanelRequest[];
}

export interface DashboardRequest {
  /** Stays: links and provisioning know the dashboard by it. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** Of which instances: the values of `instance` of this series, to be chosen as `$instance`. */
  readonly instancesOf: string;
  readonly rows: readonly Row[];
}

const COLUMNS = 24;
const TAG = "guildwire";

export function dashboard({ uid, title, description, instancesOf, rows }: DashboardRequest): Dashboard {
  return {
    uid,
    title,
    description,
    tags: [TAG],
    editable: true,
    graphTooltip: DashboardCursorSync.Crosshair,
    schemaVersion: 42,
    refresh: "30s",
    time: { from: "now-3h", to: "now" },
    timezone: "browser",
    links: [
      {
        title: "Guildwire",
        type: "dashboards",
        tags: [TAG],
        asDropdown: false,
        icon: "external link",
        includeVars: false,
        keepTime: true,
        targetBlank: false,
        tooltip: "",
        url: "",
      },
    ],
    templating: { list: [dataSourceChoice(), instanceChoice(instancesOf)] },
    annotations: {
      list: [
        {
          name: "Restarts",
          enable: true,
          iconColor: "purple",
          datasource: DATA_SOURCE,
          target: {
            refId: "Restarts",
            expr: 'changes(process_start_time_seconds{job=~"guildwire-.+"}[$__rate_interval]) > 0',
          } as never,
        },
      ],
    },
    panels: laidOut(rows),
  };
}

function laidOut(rows: readonly Row[]): (Panel | RowPanel)[] {
  const placed: (Panel | RowPanel)[] = [];
  let y = 0;
  for (const { title, panels } of rows) {
    const row = { collapsed: false, title, panels: [], type: "row" as const };
    placed.push({ id: placed.length + 1, ...row, gridPos: { x: 0, y, w: COLUMNS, h: 1 } });
    y += 1;
    let x = 0;
    let lineHeight = 0;
    for (const { title: panelTitle, description, width, height, panel } of panels) {
      if (x + width > COLUMNS) {
        y += lineHeight;
        x = 0;
        lineHeight = 0;
      }
      const gridPos = { x, y, w: width, h: height };
      placed.push({ id: placed.length + 1, title: panelTitle, description, ...panel, gridPos });
      x += width;
      lineHeight = Math.max(lineHeight, height);
    }
    y += lineHeight;
  }
  return placed;
}

function dataSourceChoice(): VariableModel {
  return { name: "datasource", label: "Prometheus", type: "datasource", query: "prometheus" };
}

function instanceChoice(series: string): VariableModel {
  const query = `label_values(${series}, instance)`;
  return {
    name: "instance",
    label: "Instance",
    type: "query",
    datasource: DATA_SOURCE,
    query: { query, refId: "instance" },
    refresh: VariableRefresh.onTimeRangeChanged,
    includeAll: true,
    multi: true,
    allValue: ".+",
    current: { selected: true, text: ["All"], value: ["$__all"] },
  };
}
