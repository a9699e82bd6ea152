import { randomBytes } from "node:crypto";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Snowflake } from "@guildwire/discord-wire";
import { Applications, applicationId, tokenOf } from "./application/applications.ts";
import type { InteractionReport } from "./application/interaction.ts";
import { InteractionDesk } from "./application/interaction-desk.ts";
import type { Offices } from "./application/invoke.ts";
import { botWishes } from "./bot-wishes.ts";
import { carryOut, joinGuild } from "./carry-out.ts";
import { answerControl, type ControlTarget } from "./control/control-port.ts";
import type { ApplicationReport, DiscordSim, NewApplication } from "./discord-sim.ts";
import type { Act, ActTarget } from "./fault/act.ts";
import type { Faults } from "./fault/faults.ts";
import { FileStore } from "./files/file-store.ts";
import { openFrontDoor } from "./front-door.ts";
import { GatewayServer, type SessionReport } from "./gateway/gateway-server.ts";
import { openAccount } from "./gateway/gateway-state.ts";
import { Lives } from "./life-of-guilds.ts";
import { PollClock } from "./poll-clock.ts";
import { RestShell } from "./rest-shell.ts";
import { SimError } from "./sim-error.ts";
import type { SimSettings } from "./sim-options.ts";
import type { SimStats } from "./sim-stats.ts";
import type { SimCommand } from "./world/command.ts";
import type { Dispatch } from "./world/dispatch.ts";
import type { InteractionCommand } from "./world/interaction-command.ts";
import { type Truth, truthOf } from "./world/truth.ts";
import type { Bot } from "./world/world.ts";
import { GuildCollection } from "./world/worlds.ts";
import { type Outcome, WorldKeeper } from "./world-keeper.ts";

/** Puts the parts together. */
export class RunningSim implements DiscordSim {
  readonly #settings: SimSettings;
  readonly #gateway: GatewayServer;
  readonly #keeper: WorldKeeper;
  readonly #polls: PollClock;
  readonly #lives: Lives;
  readonly #offices: Offices;
  readonly #rest: RestShell;
  readonly #control: ControlTarget;
  #door: Server | undefined;
  #port = 0;

  constructor(settings: SimSettings) {
    this.#settings = settings;
    const { clock, faults } = settings;
    const key = randomBytes(12).toString("hex");
    const worlds = new GuildCollection(
      { ...settings, atMs: clock.nowMs() },
      { count: settings.otherGuilds, people: settings.otherPeople, rooms: settings.otherRooms },
    );
    this.#polls = new PollClock(clock, () => this.#keeper);
    this.#keeper = new WorldKeeper(worlds, clock, (dispatches, guildId, botId) => {
      this.#polls.watch(dispatches, guildId);
      this.#gateway.say(dispatches, guildId, botId);
    });
    const desk = new InteractionDesk(this.#keeper, clock, key);
    this.#offices = { keeper: this.#keeper, applications: new Applications(), desk };
    const signing = { key, origin: () => `http://${this.#authority}` };
    const gatewaySettings = { ...settings, lifeId: key, signing };
    this.#gateway = new GatewayServer(gatewaySettings, faults, clock, worlds, botWishes(this.#keeper));
    this.#open(worlds.bot, settings.token ?? tokenOf(worlds.bot.id), settings.intentsAllowed);
    this.#rest = new RestShell(settings, this.#offices, this.#gateway.state, new FileStore(), key);
    this.#lives = new Lives(settings, this.#offices, (command, guildId) => this.#carryOut(command, guildId));
    this.#control = {
      truth: (guildId) => this.#truth(guildId),
      stats: () => this.stats(),
      faults: () => this.#gateway.state.faults,
      guildIds: () => this.guildIds,
      sessions: () => this.sessions(),
      applications: () => this.applications(),
      addApplication: (application) => this.addApplication(application),
      interactions: () => desk.reports(),
      pause: () => this.pause(),
      resume: () => this.resume(),
      apply: (command, guildId) => this.#carryOut(command, guildId),
      setFaults: (next) => this.setFaults(next),
      act: (act, target) => this.act(act, target),
    };
  }

  get port(): number {
    return this.#port;
  }

  get apiUrl(): string {
    return `http://${this.#authority}/api/v10`;
  }

  get gatewayUrl(): string {
    return `ws://${this.#authority}/gateway`;
  }

  get controlUrl(): string {
    return `http://${this.#authority}/control`;
  }

  get token(): string {
    return this.#offices.applications.first.token;
  }

  get guildId(): Snowflake {
    return this.#settings.guildId;
  }

  async open(): Promise<void> {
    const { host, port, startPaused } = this.#settings;
    this.#door = await openFrontDoor(host, port, {
      rest: (request, authority, reply) => this.#rest.answer(request, authority, reply),
      control: (method, path, body) => answerControl(this.#control, method, path, body),
      file: (path, query) => this.#rest.file(path, query),
      upgrade: (request, socket, head, door, authority) =>
        this.#gateway.upgrade(request, socket, head, door, authority),
    });
    this.#port = (this.#door.address() as AddressInfo).port;
    if (!startPaused) this.#lives.start();
  }

  get guildIds(): readonly Snowflake[] {
    return this.#keeper.worlds.guildIds;
  }

  applications(): readonly ApplicationReport[] {
    return this.#offices.applications.all.map(({ bot, token }) => ({
      id: bot.id,
      name: bot.username,
      token,
      guildIds: this.#keeper.worlds.seenBy(bot.id).guildIds,
    }));
  }

  addApplication(application: NewApplication): ApplicationReport {
    const { name, token, permissions, intentsAllowed = this.#settings.intentsAllowed } = application;
    const guildIds = application.guildIds ?? [this.guildId];
    const missing = guildIds.find((id) => this.#keeper.worlds.worldOf(id) === undefined);
    if (missing !== undefined)
      throw refusal("addApplication", "guildIds", `names ${missing}, which does not exist`);
    const id = applicationId(this.#offices.applications.all.length);
    const bot: Bot = { id, username: name };
    this.#keeper.worlds.addBot(bot);
    this.#open(bot, token ?? tokenOf(id), intentsAllowed);
    for (const guildId of guildIds) {
      const joined = joinGuild(id, guildId, permissions, this.#offices);
      if (!joined.ok) throw refusal("addApplication", joined.field, joined.problem);
    }
    return { id, name, token: token ?? tokenOf(id), guildIds };
  }

  world(guildId: Snowflake = this.guildId): Truth {
    const truth = this.#truth(guildId);
    if (truth !== undefined) return truth;
    throw new SimError("COMMAND_REFUSED", "guildId is not a server of this bot", { field: "guildId" });
  }

  command(command: SimCommand, guildId?: Snowflake): readonly Dispatch[] {
    const outcome = this.#carryOut(command, guildId);
    if (outcome.ok) return outcome.dispatches;
    throw refusal(command.type, outcome.field, outcome.problem);
  }

  interact(command: InteractionCommand, guildId?: Snowflake): InteractionReport {
    const outcome = this.#carryOut(command, guildId);
    if (!outcome.ok) throw refusal(command.type, outcome.field, outcome.problem);
    return this.#offices.desk.reportOf(outcome.interactionId);
  }

  interactions(): readonly InteractionReport[] {
    return this.#offices.desk.reports();
  }

  settled(interactionId: Snowflake): Promise<InteractionReport> {
    return this.#offices.desk.settled(interactionId);
  }

  act(act: Act, target: ActTarget = {}): void {
    this.#gateway.act(act, target);
  }

  sessions(): readonly SessionReport[] {
    return this.#gateway.sessions();
  }

  setFaults(faults: Partial<Faults>): void {
    this.#gateway.setFaults(faults);
  }

  pause(): void {
    this.#lives.stop();
  }

  resume(): void {
    this.#lives.start();
  }

  stats(): SimStats {
    return {
      ...this.#gateway.stats,
      ...this.#rest.stats,
      interactions: { ...this.#offices.desk.stats },
      commands: this.#keeper.changes,
      paused: !this.#lives.isRunning,
    };
  }

  async close(): Promise<void> {
    this.pause();
    this.#rest.close();
    this.#polls.close();
    this.#offices.desk.close();
    this.#gateway.close();
    const door = this.#door;
    this.#door = undefined;
    if (door === undefined) return;
    const closed = new Promise<void>((resolve) => door.close(() => resolve()));
    door.closeAllConnections();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get #authority(): string {
    const { host } = this.#settings;
    return `${host.includes(":") ? `[${host}]` : host}:${this.#port}`;
  }

  /** Lets a bot in. All applications belong to the owner of the watched server. */
  #open(bot: Bot, token: string, intentsAllowed: number): void {
    const { watched } = this.#keeper.worlds;
    const owner = watched.members.get(watched.guild.ownerId);
    if (owner === undefined) throw new Error("a server without its owner");
    this.#offices.applications.add({ bot, token, intentsAllowed, owner });
    const account = { botId: bot.id, token, intentsAllowed };
    openAccount(this.#gateway.state, account, this.#settings.clock.nowMs());
  }

  #carryOut(command: SimCommand, guildId: Snowflake | undefined): Outcome {
    return carryOut(command, guildId, this.#offices);
  }

  #truth(guildId: Snowflake = this.guildId): Truth | undefined {
    const world = this.#keeper.worlds.worldOf(guildId);
    return world && truthOf(world);
  }
}

function refusal(what: string, field: string, problem: string): SimError {
  return new SimError("COMMAND_REFUSED", `${what}: ${field} ${problem}`, { field });
}
