/** Logs why browsers do not get a socket, at most once a minute for each reason: any client can cause it. */

import type { Clock } from "@guildwire/runtime";
import { onceAMinute } from "@guildwire/runtime";
import type { Log } from "../log.ts";

export interface UpgradeWatch {
  originRefused(origin: string, host: string | null | undefined): void;
  /** The handshake's own headers came, but not `Upgrade`. */
  upgradeLost(): void;
}

/** The value of a header may be 16 KB long. */
const SHOWN_MAX = 200;

export function watchUpgrades(log: Log, clock: Pick<Clock, "monotonicMs">): UpgradeWatch {
  let last = { origin: "", host: "" };
  const originRefused = onceAMinute(clock, (_kind: "origin", refused) => {
    const { origin, host } = last;
    const toDo = "name the origin in HUB_ALLOWED_ORIGINS, or let the proxy pass the Host that browsers send";
    log.warn(
      "origin_refused",
      { origin, host, refused },
      `pages of ${origin} may not connect to this hub, which is reached as ${host}: ${toDo}`,
    );
  });
  const upgradeLost = onceAMinute(clock, (_kind: "upgrade", lost) =>
    log.warn(
      "upgrade_lost",
      { lost },
      "a proxy removes the Upgrade header of WebSockets, so pages use the event stream (docs/deployment.md)",
    ),
  );
  return {
    originRefused(origin, host) {
      last = { origin: origin.slice(0, SHOWN_MAX), host: (host ?? "no name").slice(0, SHOWN_MAX) };
      originRefused("origin");
    },
    upgradeLost: () => upgradeLost("upgrade"),
  };
}
