/** What log lines say of the Gateway: pure. People search for these words, so they do not change. */
import type { GatewayEvent } from "@guildwire/gateway";

/** Discord's session ids open a session to whoever has the token as well; six characters tell sessions apart. */
export function sessionText({ sessionId }: { readonly sessionId: string }): string {
  return `session: ${sessionId.slice(0, 6)}...`;
}

type Lost = Extract<GatewayEvent, { readonly type: "connectionLost" }>;

export function lossText({ during, cause, code, detail }: Lost, codeName: string | undefined): string {
  const wasConnected = during === "ready";
  const what = wasConnected ? "connection to Discord lost" : "Failed to connect to Discord";
  const facts = [cause, code, codeName, detail].filter(
    (fact) => fact !== null && fact !== undefined && fact !== "",
  );
  return `${what} (${facts.join(" ")})`;
}
