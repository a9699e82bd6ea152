/** The dashboards and where they are written. */
import type { Dashboard } from "@grafana/schema";
import { HUB_DASHBOARD } from "./hub-dashboard.ts";
import { OVERVIEW_DASHBOARD } from "./overview-dashboard.ts";
import { WORKER_DASHBOARD } from "./worker-dashboard.ts";

export const DASHBOARDS: readonly { readonly path: string; readonly dashboard: Dashboard }[] = [
  { path: "ops/grafana/dashboards/guildwire.json", dashboard: OVERVIEW_DASHBOARD },
  { path: "ops/grafana/dashboards/guildwire-worker.json", dashboard: WORKER_DASHBOARD },
  { path: "ops/grafana/dashboards/guildwire-hub.json", dashboard: HUB_DASHBOARD },
];
