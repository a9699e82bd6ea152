/**
 * The HTTP proxies that the environment names, as curl reads them: `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, in
 * capitals or not. Pure. REST, deliveries and the Gateway's socket all take what is returned here, so that they cannot
 * differ in what they send through a proxy.
 */
import type { Proxies } from "@guildwire/delivery";
import type { Environment } from "@guildwire/runtime";

export type ProxiesOutcome =
  /** `null` without a proxy. */
  | { readonly ok: true; readonly proxies: Proxies | null }
  | { readonly ok: false; readonly problems: readonly string[] };

/** A loopback address behind a proxy would be the proxy's own machine. */
const LOOPBACK = "localhost,127.0.0.1,::1";

export function readProxies(environment: Environment): ProxiesOutcome {
  const problems: string[] = [];
  const proxyOf = (lowerCase: string): string | null => {
    // The one in small letters wins, as in curl.
    const name = [lowerCase, lowerCase.toUpperCase()].find((each) => environment[each]?.trim());
    const text = name === undefined ? undefined : environment[name]?.trim();
    if (name === undefined || text === undefined) return null;
    const url = text.includes("://") ? text : `http://${text}`;
    if (isProxyUrl(url)) return url;
    problems.push(`${name} must be the http(s) URL of a proxy, such as http://proxy.example:3128 (${DOCS})`);
    return null;
  };
  const httpProxy = proxyOf("http_proxy");
  const httpsProxy = proxyOf("https_proxy") ?? httpProxy;
  if (problems.length > 0) return { ok: false, problems };
  if (httpProxy === null && httpsProxy === null) return { ok: true, proxies: null };
  const exceptions = environment["no_proxy"]?.trim() || environment["NO_PROXY"]?.trim();
  const noProxy = exceptions === undefined ? LOOPBACK : `${exceptions},${LOOPBACK}`;
  return { ok: true, proxies: { httpProxy, httpsProxy, noProxy } };
}

const DOCS = "docs/configuration.md#a-proxy";

function isProxyUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return /^https?:$/.test(protocol) && hostname !== "";
}
