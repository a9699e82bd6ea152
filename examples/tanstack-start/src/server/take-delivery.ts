/** The worker's webhook: check who signed, read it, commit it, acknowledge. `docs/events.md` is the contract. */
import { type DeliveryOutcome, readDelivery, readSecrets, verifyDelivery } from "@guildwire/events";
import { voiceStore } from "./voice-store.ts";

const BODY_BYTES_MAX = 1_048_576;

export async function takeDelivery(request: Request): Promise<Response> {
  const secrets = readSecrets(process.env["HUB_SECRET"] ?? "");
  if (!secrets.ok) return refused(500, `HUB_SECRET ${secrets.problem}`);
  const body = Buffer.from(await request.text());
  if (body.length > BODY_BYTES_MAX) return refused(413, "send fewer events at once");

  // The bytes as they came, before anything parses them.
  const { headers } = request;
  const signed = {
    id: headers.get("webhook-id"),
    timestamp: headers.get("webhook-timestamp"),
    signature: headers.get("webhook-signature"),
  };
  const verified = verifyDelivery(signed, body, secrets.keys, Date.now());
  if (!verified.ok) return refused(401, verified.problem);
  const read = readJson(body.toString("utf8"));
  if (!read.ok) return refused(400, read.problems.join("; "));

  const taken = voiceStore().take(read.delivery);
  return taken.type === "taken"
    ? Response.json({ acked: taken.acked })
    : Response.json({ want: "snapshot" }, { status: 409 });
}

function readJson(body: string): DeliveryOutcome {
  try {
    return readDelivery(JSON.parse(body));
  } catch {
    return { ok: false, problems: ["the body is not JSON"] };
  }
}

function refused(status: number, error: string): Response {
  return Response.json({ error }, { status });
}
