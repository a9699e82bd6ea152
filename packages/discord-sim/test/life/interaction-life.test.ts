import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDiscordSim, type DiscordSim } from "../../src/index.ts";
import { ALL_PERMISSIONS } from "../../src/world/permission.ts";
import { HandClock } from "../hand-clock.ts";
import { call } from "../rest/bot-at-work.ts";

let sim: DiscordSim;
let clock: HandClock;

beforeEach(async () => {
  clock = new HandClock();
  const botPermissions = String(ALL_PERMISSIONS);
  sim = await createDiscordSim({ rate: 0, interactionRate: 2, startPaused: true, clock, botPermissions });
  const channels = (await call(sim, "GET", `/guilds/${sim.guildId}/channels`)).body as unknown as {
    id: string;
    name: string;
  }[];
  const channel = channels.find(({ name }) => name === "general")?.id;
  const components = [
    { type: 1, components: [{ type: 2, style: 1, label: "Yes", custom_id: "yes" }] },
    { type: 1, components: [{ type: 3, custom_id: "pick", options: [{ label: "A", value: "a" }] }] },
  ];
  await call(sim, "POST", `/channels/${channel}/messages`, { content: "Who comes?", components });
  const command = {
    name: "roll",
    description: "Rolls",
    options: [{ type: 4, name: "n", description: "n", required: true }],
  };
  const application = sim.applications()[0]?.id;
  await call(sim, "POST", `/applications/${application}/guilds/${sim.guildId}/commands`, command);
});

afterEach(() => sim.close());

describe("people in the script", () => {
  it("press buttons, choose from selects and use commands, and a bot that is silent is counted", () => {
    sim.resume();
    clock.pass(60_000);
    const used = sim.interactions();
    expect(new Set(used.map(({ name }) => name))).toEqual(new Set(["yes", "pick", "roll"]));
    clock.pass(3000);
    sim.pause();
    clock.pass(3000);
    const { sent, unanswered, answered } = sim.stats().interactions;
    expect(sent).toBeGreaterThan(60);
    expect({ unanswered, answered }).toEqual({ unanswered: sent, answered: 0 });
  });

  it("send off the forms that are opened for them, once each", async () => {
    sim.resume();
    clock.pass(5000);
    sim.pause();
    const [dispatch] = sim.command({
      type: "useCommand",
      userId: sim.interactions()[0]?.userId ?? sim.guildId,
      channelId: sim.interactions()[0]?.channelId ?? sim.guildId,
      name: "roll",
      options: { n: 1 },
    });
    const { id, token } = (dispatch?.d ?? {}) as unknown as { id: string; token: string };
    const input = { type: 4, custom_id: "why", style: 1, label: "Why", min_length: 3 };
    const data = { custom_id: "form", title: "Form", components: [{ type: 1, components: [input] }] };
    const answer = await call(sim, "POST", `/interactions/${id}/${token}/callback`, { type: 9, data });
    expect(answer.status).toBe(204);
    sim.resume();
    clock.pass(10_000);
    expect(sim.interactions().filter(({ name }) => name === "form")).toMatchObject([{ type: 5 }]);
  });
});
