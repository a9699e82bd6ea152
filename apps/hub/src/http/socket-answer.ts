/**
 * `GET /ws` without an upgrade: why a socket would be refused here, for scripts. A browser does not show a page the
 * status of a refused handshake, so the SDK asks for it by a plain request, which a page of any origin may read. A
 * handshake that lost its `Upgrade` on the way arrives here as well.
 */
import type { Origins } from "../access/origins.ts";
import type { UpgradeWatch } from "../access/upgrade-watch.ts";
import { SOCKET_PATH } from "../sockets/socket-path.ts";
import { refusalAnswer } from "./json-answer.ts";
import type { Route } from "./route-table.ts";

export interface SocketAnswerParts {
  readonly origins: Origins;
  readonly upgradeWatch: UpgradeWatch;
}

export function socketRoute({ origins, upgradeWatch }: SocketAnswerParts): Route {
  return {
    path: SOCKET_PATH,
    methods: ["GET"],
    answer(request) {
      const { headers } = request;
      const forScripts = { "access-control-allow-origin": "*" };
      if (headers.has("sec-websocket-key")) upgradeWatch.upgradeLost();
      // Browsers send no Origin with a GET to the own origin of their page. A sandboxed frame has none: nothing is said of it.
      const origin = headers.get("origin") ?? new URL(request.url).searchParams.get("origin");
      const host = headers.get("host");
      if (origin !== null && origin !== "null" && !origins.allows(origin, host)) {
        const message = `pages of ${origin} may not connect to this hub, which is reached as ${host}: name the origin in HUB_ALLOWED_ORIGINS, or let the proxy pass the Host that browsers send`;
        return refusalAnswer(403, { code: "origin_not_allowed", message }, forScripts);
      }
      const message = "this is for WebSockets: the Upgrade header is missing, or a proxy removed it";
      return refusalAnswer(
        426,
        { code: "upgrade_required", message },
        { ...forScripts, upgrade: "websocket", connection: "upgrade, close" },
      );
    },
  };
}
