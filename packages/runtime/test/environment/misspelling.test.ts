import { describe, expect, it } from "vitest";
import { editDistance, misspellings } from "../../src/environment/misspelling.ts";

const KNOWN = ["DISCORD_BOT_TOKEN", "PRIMARY_GUILD_ID", "HUB_SECRET", "PORT", "DATA_DIR", "LOG_LEVEL"];

function meantBy(given: string): string | undefined {
  return misspellings({ [given]: "x" }, KNOWN)[0]?.meant;
}

it("does not take the variables of Kubernetes' service links for misspelt ones", () => {
  const link = "tcp://10.43.0.7:3000";
  const links = {
    GUILDWIRE_HUB_SERVICE_HOST: "10.43.0.7",
    GUILDWIRE_HUB_SERVICE_PORT: "3000",
    GUILDWIRE_HUB_SERVICE_PORT_HTTP: "3000",
    GUILDWIRE_HUB_PORT: link,
    GUILDWIRE_HUB_PORT_3000_TCP: link,
    GUILDWIRE_HUB_PORT_3000_TCP_PROTO: "tcp",
    GUILDWIRE_HUB_PORT_3000_TCP_PORT: "3000",
    GUILDWIRE_HUB_PORT_3000_TCP_ADDR: "10.43.0.7",
    DISCORD_BOT_PORT: link,
  };
  expect(misspellings(links, KNOWN)).toEqual([]);
});

describe("a misspelt variable", () => {
  it.each([
    ["DISCORD_TOKEN", "DISCORD_BOT_TOKEN"],
    ["BOT_TOKEN", "DISCORD_BOT_TOKEN"],
    ["DISCORD_BOT_TOKNE", "DISCORD_BOT_TOKEN"],
    ["GUILD_ID", "PRIMARY_GUILD_ID"],
    ["HUB_SECRETS", "HUB_SECRET"],
    ["hub_secret", "HUB_SECRET"],
    ["PROT", "PORT"],
    ["DATADIR", "DATA_DIR"],
    ["LOGLEVEL", "LOG_LEVEL"],
  ])("like %s is taken for %s", (given, meant) => {
    expect(meantBy(given)).toBe(meant);
  });

  it.each([
    "PORT",
    "HOST",
    "PATH",
    "HOME",
    "HUB_PAGE_VIEW",
    "HUB_TICKET_SECRET",
    "VIEWS_FILE",
    "LOGNAME",
    "HUB",
    "npm_config_port",
    "RAILWAY_SERVICE_ID",
  ])("is not seen in %s", (given) => {
    expect(misspellings({ [given]: "x" }, KNOWN)).toEqual([]);
  });

  it("is not seen where it is empty, or another case of one that is set to the same", () => {
    expect(misspellings({ DISCORD_TOKEN: "" }, KNOWN)).toEqual([]);
    expect(misspellings({ Port: "80", PORT: "80" }, KNOWN)).toEqual([]);
  });
});

describe("the distance of two names", () => {
  it.each([
    ["PORT", "PORT", 0],
    ["PORTS", "PORT", 1],
    ["PROT", "PORT", 1],
    ["HOST", "PORT", 2],
    ["", "AB", 2],
  ])("%j to %j is %i", (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });
});
