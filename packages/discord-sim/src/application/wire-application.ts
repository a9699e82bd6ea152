import type { APIApplication } from "discord-api-types/v10";
import { applicationFlags } from "../gateway/identify.ts";
import { wireUser } from "../world/wire-people.ts";
import type { Member } from "../world/world.ts";
import type { Application } from "./applications.ts";

/** An application as it sees itself; `flags` say which privileged intents are switched on. */
export function wireApplication(application: Application, bot: Member, guilds: number): APIApplication {
  const { profile, intentsAllowed } = application;
  const flags = applicationFlags(intentsAllowed);
  const { others, interactions_endpoint_url, ...shown } = profile;
  return {
    id: application.bot.id,
    name: application.bot.username,
    icon: null,
    summary: "",
    bot_public: false,
    bot_require_code_grant: false,
    verify_key: "0".repeat(64),
    team: null,
    owner: wireUser(application.owner),
    bot: wireUser(bot),
    flags,
    flags_new: String(flags),
    approximate_guild_count: guilds,
    approximate_user_install_count: 0,
    redirect_uris: [],
    interactions_endpoint_url,
    integration_types_config: { "0": {} },
    ...others,
    ...shown,
  } as unknown as APIApplication;
}
