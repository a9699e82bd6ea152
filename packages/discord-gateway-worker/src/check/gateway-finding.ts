/** Whether the Gateway can be reached: waits for Hello and leaves before an Identify, which would cost one. */

import type { Proxies } from "@guildwire/delivery";
import { closeCodeName, decodeFrame, decodeHello, GatewayOpcode } from "@guildwire/discord-wire";
import { WebSocket } from "ws";
import { proxyAgent } from "../proxy-agent.ts";
import { type Finding, fail, pass } from "./finding.ts";

const NAME = "Gateway";
const DEADLINE_MS = 10_000;

/** By how far the connection came. */
const REMEDIES = {
  unreachable:
    "let this machine open WebSockets (TLS, port 443) to *.discord.gg; a proxy must let them through",
  refused:
    "whoever answers there opens no WebSocket: a proxy, or Discord in an outage (https://discordstatus.com)",
  closed: "the network is open; look at https://discordstatus.com, and for a proxy that ends WebSockets",
  notGateway: "check DISCORD_API_URL: something else than Discord's Gateway answers there",
} as const;

/** The bytes of an unexpected first message that are shown. */
const SHOWN_CHARACTERS_MAX = 60;

export async function gatewayFinding(url: string, proxies: Proxies | null): Promise<Finding> {
  const startedAtMs = performance.now();
  const outcome = Promise.withResolvers<Finding>();
  const { host } = new URL(url);
  const failed = (remedy: keyof typeof REMEDIES, detail: string) =>
    outcome.resolve(fail(NAME, "discordUnreachable", detail, REMEDIES[remedy]));
  const agent = proxyAgent(url, proxies);
  const socket = new WebSocket(`${url.replace(/\/?$/, "/")}?v=10&encoding=json`, {
    perMessageDeflate: false,
    ...(agent === undefined ? {} : { agent }),
  });
  const deadline = setTimeout(() => {
    const isOpen = socket.readyState === WebSocket.OPEN;
    failed(isOpen ? "closed" : "unreachable", `${host} sent no Hello within ${DEADLINE_MS / 1_000} s`);
  }, DEADLINE_MS);
  socket.once("message", (data: Buffer) => {
    const text = data.toString("utf8");
    const ms = Math.round(performance.now() - startedAtMs);
    if (isHello(text)) outcome.resolve(pass(NAME, `${host} said Hello after ${ms} ms`));
    else failed("notGateway", `${host} began with something else than Hello: ${shown(text)}`);
  });
  socket.once("unexpected-response", (_, { statusCode = 0 }) =>
    failed("refused", `${host} answered ${statusCode} instead of opening a WebSocket`),
  );
  socket.once("error", (error: Error) =>
    failed("unreachable", `cannot connect to ${host}: ${error.message}`),
  );
  socket.once("close", (code: number, reason: Buffer) => failed("closed", closeDetail(host, code, reason)));
  try {
    return await outcome.promise;
  } finally {
    clearTimeout(deadline);
    socket.removeAllListeners("close");
    // An end before a connection is an error to `ws`, and nothing to anybody else.
    socket.on("error", () => undefined);
    socket.terminate();
    agent?.destroy();
  }
}

function isHello(text: string): boolean {
  const frame = decodeFrame(text);
  return frame.ok && frame.value.op === GatewayOpcode.Hello && decodeHello(frame.value.d).ok;
}

function closeDetail(host: string, code: number, reason: Buffer): string {
  const name = closeCodeName(code);
  const text = reason.toString("utf8");
  const named = name === undefined ? `${code}` : `${code} ${name}`;
  return `${host} closed with ${named}${text === "" ? "" : ` (${shown(text)})`} before Hello`;
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, SHOWN_CHARACTERS_MAX));
}
