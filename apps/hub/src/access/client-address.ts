/**
 * From which address a visitor comes, so that limits count visitors. Behind proxies the connection is the proxy's and
 * the visitor is what the nearest proxies wrote into X-Forwarded-For; what stands further left is not trusted.
 */
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

export interface Arrival {
  /** Of the connection's other end. */
  readonly remoteAddress: string | undefined;
  readonly forwardedFor: string | undefined;
}

/** A text to count by: an IPv4 address, or the first 64 bits of an IPv6 one, which one household has to itself. */
export function clientAddress({ remoteAddress, forwardedFor }: Arrival, trustedProxies: number): string {
  const hops = (forwardedFor ?? "").split(",").map((hop) => hop.trim());
  const claimed = trustedProxies === 0 ? undefined : hops.at(-trustedProxies);
  return countedAddress(claimed !== undefined && isIP(claimed) !== 0 ? claimed : (remoteAddress ?? ""));
}

function countedAddress(text: string): string {
  if (isIP(text) === 0) return text || "unknown";
  // `process` also turns an IPv4 address that is mapped into IPv6 back: a machine that listens on both sees these.
  const address = ipaddr.process(text);
  if (address instanceof ipaddr.IPv4) return address.toString();
  const network = address.parts.slice(0, 4).map((group) => group.toString(16));
  return `${network.join(":")}::/64`;
}
