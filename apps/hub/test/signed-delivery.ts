/** What a worker puts on a delivery, for tests. */
import { readSecrets, type SignedParts, signDelivery, WEBHOOK_HEADERS } from "@guildwire/events";

export function signedHeaders(parts: SignedParts, secret: string): Record<string, string> {
  const secrets = readSecrets(secret);
  if (!secrets.ok) throw new Error(secrets.problem);
  return {
    "content-type": "application/json",
    [WEBHOOK_HEADERS.id]: parts.id,
    [WEBHOOK_HEADERS.timestamp]: String(parts.timestampS),
    [WEBHOOK_HEADERS.signature]: signDelivery(parts, secrets.keys),
  };
}
