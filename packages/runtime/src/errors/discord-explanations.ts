/** What to do about errors on the way to Discord. */
import type { ErrorName } from "./error-code.ts";
import { type Explanation, prose } from "./prose.ts";

export const DISCORD_EXPLANATIONS = {
  discordUnreachable: {
    happened: prose(`
      More connections to Discord were lost in a row than \`RECONNECT_ATTEMPTS_MAX\` allows. With the
      default of 5 that is the sixth loss, about 31 s after the first. A failed \`GET /gateway/bot\`
      counts as a loss.
    `),
    does: prose(`
      It keeps the session in \`DATA_DIR\` and ends. The next process resumes it.
    `),
    remedy: prose(`
      Let the platform restart the worker. If it goes on, read the \`gateway_connection_lost\` records
      before it: \`cause\` and \`code\` say what was lost and how. Check <https://discordstatus.com>, DNS
      and the firewall. Where a supervisor gives up after some restarts, set
      \`RECONNECT_ATTEMPTS_MAX=unlimited\`.
    `),
  },
  tokenRefused: {
    happened: prose(`
      Discord refused the token, with HTTP 401 or with close code 4004.
    `),
    does: prose(`
      It ends at once and does not try again: refused tokens count towards a ban of the address.
    `),
    remedy: prose(`
      Open the Bot page of the application in Discord's developer portal, reset the token, and set
      \`DISCORD_BOT_TOKEN\` to the new one, without \`Bot \` before it.
    `),
  },
  rateLimited: {
    happened: prose(`
      Discord answered a call of its REST API with 429: more was asked than it allows, by this bot or from
      this address.
    `),
    does: prose(`
      It makes one REST call for each Identify, counts the answer as a loss of the connection, and tries
      again with the usual back-off. \`check\` shows this code and asks nothing more of Discord.
    `),
    remedy: prose(`
      Wait as long as the record or the table says. If it stays, look for another program with the same
      token or behind the same address: Discord counts refused calls, and bars an address that goes on
      with 10,000 of them in ten minutes.
    `),
  },
  intentsRefused: {
    happened: prose(`
      Discord closed with 4014 (an intent is not granted to this bot) or 4013 (it does not know one). The
      worker asks for \`GUILDS\` and \`GUILD_VOICE_STATES\`, which need no grant.
    `),
    does: prose(`
      It ends and does not reconnect.
    `),
    remedy: prose(`
      For 4014, look at the Bot page in the developer portal. For 4013, update Guildwire.
    `),
  },
  shardInvalid: {
    happened: prose(`
      Discord closed with 4010 or 4011. The worker runs as one shard; 4011 means that the bot is in too
      many servers for that.
    `),
    does: prose(`
      It ends and does not reconnect.
    `),
    remedy: prose(`
      Use a bot of its own for Guildwire, one that is in fewer servers.
    `),
  },
  identifyBudgetSpent: {
    happened: prose(`
      Discord allows a bot 1,000 Identifies a day, and none is left. One more would make Discord reset the
      token.
    `),
    does: prose(`
      It does not identify. It waits as long as Discord says, without counting that as a failed attempt,
      and asks again after 5 s at the soonest. The log shows \`identify_budget_spent\` with \`until\`.
    `),
    remedy: prose(`
      Find what spends the budget: another program with the same token, or a supervisor that restarts a
      process in a loop. A Resume costs none.
    `),
  },
  notInGuild: {
    happened: prose(`
      The bot connected, and the server of \`PRIMARY_GUILD_ID\` is not among its servers.
    `),
    does: prose(`
      It logs \`not_in_guild\` and stays connected. If the server was known before, it tells
      \`guild.removed\`. Once the bot is invited, it starts by itself, with a snapshot.
    `),
    remedy: prose(`
      Invite the bot, or correct \`PRIMARY_GUILD_ID\`.
    `),
  },
  protocolRefused: {
    happened: prose(`
      Discord closed with 4012: it no longer speaks API version 10.
    `),
    does: prose(`
      It ends and does not reconnect.
    `),
    remedy: prose(`
      Update Guildwire.
    `),
  },
  userToken: {
    happened: prose(`
      \`check\` asked Discord whose token this is, and it is not a bot's.
    `),
    does: prose(`
      It never runs with such a token: it always names itself a bot, and Discord refuses that with 401
      (E002).
    `),
    remedy: prose(`
      Make a bot of your own in the developer portal and use its token. Discord forbids to automate user
      accounts, and ends accounts for it: <https://support.discord.com/hc/en-us/articles/115002192352>.
      Change the password of the account, which also ends the token that was pasted here.
    `),
  },
} as const satisfies Partial<Record<ErrorName, Explanation>>;
