/** Whether the Gateway can be reached: waits for Hello and leaves before an Identify, which would cost one. */
import { decodeFrame, decodeHello, GatewayOpcode } from "@guildwire/discord-wire";
import { WebSocket } from "ws";
import { type Finding, fail, pass } from "./finding.ts";

const NAME = "Gateway";
const DEADLINE_MS = 10_000;
const REMEDY =
  "let this machine open WebSockets (TLS, port 443) to *.discord.gg; a proxy must let them through";

export async function gatewayFinding(url: string): Promise<Finding> {
  const startedAtMs = performance.now();
  const outcome = Promise.withResolvers<Finding>();
  const { host } = new URL(url);
  const socket = new WebSocket(`${url.replace(/\/?$/, "/")}?v=10&encoding=json`, {
    perMessageDeflate: false,
  });
  const failed = (detail: string) => outcome.resolve(fail(NAME, "discordUnreachable", detail, REMEDY));
  const deadline = setTimeout(
    () => failed(`${host} said no Hello within ${DEADLINE_MS / 1_000} s`),
    DEADLINE_MS,
  );
  socket.once("message", (data: Buffer) => {
    const frame = decodeFrame(data.toString("utf8"));
    const isHello = frame.ok && frame.value.op === GatewayOpcode.Hello && decodeHello(frame.value.d).ok;
    const ms = Math.round(performance.now() - startedAtMs);
    if (isHello) outcome.resolve(pass(NAME, `${host} said Hello after ${ms} ms`));
    else failed(`${host} began with something else than Hello`);
  });
  socket.once("error", (error: Error) => failed(`cannot connect to ${host}: ${error.message}`));
  socket.once("close", (code: number) => failed(`${host} closed with ${code} before Hello`));
  try {
    return await outcome.promise;
  } finally {
    clearTimeout(deadline);
    socket.removeAllListeners("close");
    // An end before a connection is an error to `ws`, and nothing to anybody else.
    socket.on("error", () => undefined);
    socket.terminate();
  }
}
