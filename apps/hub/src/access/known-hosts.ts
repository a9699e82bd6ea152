/**
 * Under which names this hub may be visited. A page of anybody's may let its own name point at this machine afterwards
 * (DNS rebinding); its visitors' browsers then take this hub for that page's own server, and the rule of same origins
 * with it. The name in the Host header tells: it is that page's, and none of ours.
 *
 * Addresses and `localhost` are known always: no page can have those for a name.
 */
import { isIP } from "node:net";

export interface KnownHosts {
  /** `host`: the Host header, with or without a port. */
  knows(host: string | null | undefined): boolean;
}

export type HostsOutcome =
  | { readonly ok: true; readonly hosts: readonly string[] }
  | { readonly ok: false; readonly problem: string };

/** Reads names separated by spaces, such as `voice.club.example`. */
export function readHosts(text: string): HostsOutcome {
  const hosts = text.split(/\s+/).filter((part) => part !== "");
  for (const host of hosts) {
    if (nameIn(host) !== host.toLowerCase() || /[^\w.-]/.test(host))
      return {
        ok: false,
        problem: `must be names such as voice.club.example, without a port: ${host} is none`,
      };
  }
  return { ok: true, hosts: hosts.map((host) => host.toLowerCase()) };
}

/** `undefined`: every name will do. */
export function createKnownHosts(hosts: readonly string[] | undefined): KnownHosts {
  if (hosts === undefined) return { knows: () => true };
  const known = new Set(hosts);
  return {
    knows(host) {
      const name = nameIn(host ?? "");
      if (name === undefined) return false;
      return known.has(name) || name === "localhost" || isIP(name.replace(/^\[(.*)\]$/, "$1")) !== 0;
    },
  };
}

/** Without its port and in small letters; `undefined` for what is none. */
function nameIn(host: string): string | undefined {
  const url = URL.parse(`http://${host}/`);
  // Anything but a name and a port would have become another part of the address.
  const isNameAlone = url !== null && url.pathname === "/" && !/[/?#@\\]/.test(host);
  return isNameAlone ? url.hostname.replace(/\.$/, "") : undefined;
}
