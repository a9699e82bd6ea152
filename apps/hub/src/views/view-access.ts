/** Who may have a view of a guild, whatever feature shows it. */
import type { Grant, TopicAdmission } from "@guildwire/live";
import type { Views } from "./views.ts";

/**
 * `grant`: what the browser's ticket says. Without one it may have what is open to anyone. A view nobody configured is
 * reported as unknown, not as empty.
 */
export function admitView(views: Views, viewName: string, guildId: string, grant?: Grant): TopicAdmission {
  const view = views.get(viewName);
  if (view === undefined) {
    return { ok: false, code: "unknown_topic", message: `this hub has no view called ${viewName}` };
  }
  if (view.access === "anyone") return { ok: true };
  const isNamed = grant?.views.includes(viewName) === true;
  if (isNamed && (grant.guilds === null || grant.guilds.includes(guildId))) return { ok: true };
  if (isNamed) {
    return { ok: false, code: "forbidden", message: `the ticket is not for the guild ${guildId}` };
  }
  return { ok: false, code: "forbidden", message: `the view ${viewName} needs a ticket that names it` };
}
