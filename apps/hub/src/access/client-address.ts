/**
 * From which address a visitor comes, so that limits count visitors. Behind proxies the connection is the proxy's and
 * the visitor is what the nearest proxies wrote into X-Forwarded-For; what stands further left anybody may have written.
 */
import { isIP } from "node:net";

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

function countedAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  return isIP(address) === 6 ? `${ipv6Groups(address).slice(0, 4).join(":")}::/64` : address || "unknown";
}

function ipv6Groups(address: string): readonly string[] {
  const [head = "", tail] = (address.split("%")[0] ?? "").toLowerCase().split("::");
  const before = head === "" ? [] : head.split(":");
  if (tail === undefined) return before;
  const after = tail === "" ? [] : tail.split(":");
  return [...before, ...Array<string>(Math.max(0, 8 - before.length - after.length)).fill("0"), ...after];
}
