import { type Decoded, decoded, malformed } from "./decoded.ts";
import { asArray, asFlag, asId, asObject, asString } from "./fields.ts";
import type { Snowflake } from "./snowflake.ts";

/** READY. Source: https://discord.com/developers/docs/events/gateway-events#ready */
export interface Ready {
  readonly sessionId: string;
  /** Where to resume. It comes without a query string. */
  readonly resumeGatewayUrl: string;
  readonly user: { readonly id: Snowflake; readonly name: string; readonly bot: boolean };
  /** Guilds that will follow as GUILD_CREATE, or as GUILD_DELETE with `unavailable` while they are down. */
  readonly guildIds: readonly Snowflake[];
}

export function decodeReady(d: unknown): Decoded<Ready> {
  const ready = asObject(d);
  const sessionId = asString(ready?.["session_id"]);
  if (ready === undefined || sessionId === undefined || sessionId === "") {
    return malformed("READY without `session_id`");
  }
  const resumeGatewayUrl = asString(ready["resume_gateway_url"]);
  if (resumeGatewayUrl === undefined || !URL.canParse(resumeGatewayUrl)) {
    return malformed("READY without a valid `resume_gateway_url`");
  }
  const user = asObject(ready["user"]);
  const userId = asId(user?.["id"]);
  if (user === undefined || userId === undefined) return malformed("READY without `user.id`");
  return decoded({
    sessionId,
    resumeGatewayUrl,
    user: { id: userId, name: asString(user["username"]) ?? "", bot: asFlag(user["bot"]) },
    guildIds: asArray(ready["guilds"]).flatMap((guild) => asId(asObject(guild)?.["id"]) ?? []),
  });
}
