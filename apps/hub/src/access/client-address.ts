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
  if (isIP(address) !== 6) return address || "unknown";
  const groups = ipv6Groups(address);
  return (
    mappedIpv4(groups) ??
    `${groups
      .slice(0, 4)
      .map((group) => group.toString(16))
      .join(":")}::/64`
  );
}

/** An IPv4 address in IPv6's clothes, however it is written: a machine that listens on both sees these. */
function mappedIpv4(groups: readonly number[]): string | undefined {
  const [high = 0, low = 0] = groups.slice(6);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  return isMapped ? [high >> 8, high & 0xff, low >> 8, low & 0xff].join(".") : undefined;
}

/** All eight. */
function ipv6Groups(address: string): readonly number[] {
  const hex = (address.split("%")[0] ?? "").replace(
    /(\d+)\.(\d+)\.(\d+)\.(\d+)$/,
    (_, a: string, b: string, c: string, d: string) =>
      [(Number(a) << 8) | Number(b), (Number(c) << 8) | Number(d)]
        .map((group) => group.toString(16))
        .join(":"),
  );
  const [head = "", tail] = hex.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const between = Array<string>(Math.max(0, 8 - before.length - after.length)).fill("0");
  return [...before, ...between, ...after].map((group) => Number.parseInt(group, 16));
}
