import { type GatewayFrame, GatewayIntent, GatewayOpcode } from "@guildwire/discord-wire";
import type { Act, ActTarget } from "../../src/fault/act.ts";
import { type Faults, NO_FAULTS } from "../../src/fault/faults.ts";
import type { GatewayEffect } from "../../src/gateway/gateway-effect.ts";
import type { ConnectionQuery } from "../../src/gateway/gateway-input.ts";
import { type Door, type GatewayState, newGateway, openAccount } from "../../src/gateway/gateway-state.ts";
import { step } from "../../src/gateway/step.ts";
import { type SimOptions, settingsOf } from "../../src/sim-options.ts";
import { apply } from "../../src/world/apply.ts";
import type { WorldCommand } from "../../src/world/command.ts";
import type { World } from "../../src/world/world.ts";
import { soleWorld, type Worlds } from "../../src/world/worlds.ts";
import { NOW_MS, quietWorld } from "../world/worlds.ts";

export const TOKEN = "a-token";
export const RESUME_URL = "ws://sim/resume";
export const VOICE_INTENTS = GatewayIntent.Guilds | GatewayIntent.GuildVoiceStates;

const QUERY: ConnectionQuery = { v: "10", encoding: "json", compress: null };

/** Drives the Gateway core by hand, on a clock of its own, and remembers what each connection was sent. */
export class Scenario {
  readonly state: GatewayState;
  world: World = quietWorld();
  nowMs = NOW_MS;
  readonly #effects: GatewayEffect[] = [];
  #connections = 0;

  constructor(options: SimOptions = {}) {
    const settings = settingsOf({ token: TOKEN, identifyWindowMs: 0, ...options });
    this.state = newGateway({ ...settings, lifeId: "life" }, { ...NO_FAULTS, ...options.faults });
    const { intentsAllowed } = settings;
    openAccount(this.state, { botId: this.world.bot.id, token: TOKEN, intentsAllowed }, NOW_MS);
  }

  open(door: Door = "gateway", query: Partial<ConnectionQuery> = {}): number {
    this.#connections += 1;
    const connection = this.#connections;
    const opened = { type: "opened", connection, door, resumeUrl: RESUME_URL, atMs: this.nowMs } as const;
    this.#run(step(this.state, { ...opened, query: { ...QUERY, ...query } }, this.#worlds));
    return connection;
  }

  send(connection: number, op: number, d: unknown = null): void {
    this.sendText(connection, JSON.stringify({ op, d }));
  }

  sendText(connection: number, text: string): void {
    const sizeBytes = Buffer.byteLength(text);
    const input = { type: "received", connection, text, sizeBytes, atMs: this.nowMs } as const;
    this.#run(step(this.state, input, this.#worlds));
  }

  identify(connection: number, fields: Readonly<Record<string, unknown>> = {}): void {
    const properties = { os: "test", browser: "test", device: "test" };
    const d = { token: TOKEN, intents: VOICE_INTENTS, properties, ...fields };
    this.send(connection, GatewayOpcode.Identify, d);
  }

  resume(connection: number, sessionId: string, seq: number, token = TOKEN): void {
    this.send(connection, GatewayOpcode.Resume, { token, session_id: sessionId, seq });
  }

  /** Opens and identifies; returns the connection. */
  live(fields: Readonly<Record<string, unknown>> = {}): number {
    const connection = this.open();
    this.identify(connection, fields);
    return connection;
  }

  closedByClient(connection: number, code: number): void {
    this.#run(step(this.state, { type: "closed", connection, code, atMs: this.nowMs }, this.#worlds));
  }

  command(command: WorldCommand): void {
    const change = apply(this.world, command, this.nowMs);
    if (!change.ok) throw new Error(`${change.field} ${change.problem}`);
    this.world = change.world;
    const guildId = this.world.guild.id;
    const botId = this.world.bot.id;
    const said = { type: "said", guildId, botId, dispatches: change.dispatches, atMs: this.nowMs } as const;
    this.#run(step(this.state, said, this.#worlds));
  }

  act(act: Act, target: ActTarget = {}): void {
    this.#run(step(this.state, { type: "acted", act, target, atMs: this.nowMs }, this.#worlds));
  }

  pass(ms: number): void {
    this.nowMs += ms;
    this.#run(step(this.state, { type: "timePassed", atMs: this.nowMs }, this.#worlds));
  }

  setFaults(faults: Partial<Faults>): void {
    this.state.faults = { ...this.state.faults, ...faults };
  }

  /** The frames a connection was sent, in order. */
  frames(connection: number): readonly GatewayFrame[] {
    return this.#effects.flatMap((effect) => {
      return effect.type === "send" && effect.connection === connection ? [effect.frame] : [];
    });
  }

  /** What a connection was sent and how it ended, as short words: `Hello` is `10`, an event `READY#1`. */
  log(connection: number): readonly string[] {
    return this.#effects.flatMap((effect) => (effect.connection === connection ? [word(effect)] : []));
  }

  /** Data of the last event of that name. */
  event(connection: number, name: string): Record<string, unknown> {
    const found = this.#effects.findLast((effect) => {
      return effect.type === "send" && effect.connection === connection && effect.frame.t === name;
    });
    if (found?.type !== "send") throw new Error(`no ${name} among ${this.log(connection).join(" ")}`);
    return found.frame.d as Record<string, unknown>;
  }

  sessionId(connection: number): string {
    return String(this.event(connection, "READY")["session_id"]);
  }

  get #worlds(): Worlds {
    return soleWorld(this.world);
  }

  #run(effects: readonly GatewayEffect[]): void {
    this.#effects.push(...effects);
  }
}

function word(effect: GatewayEffect): string {
  switch (effect.type) {
    case "send": {
      const { op, d, s, t } = effect.frame;
      if (t !== null) return `${t}#${s}`;
      return op === GatewayOpcode.InvalidSession ? `${op}:${String(d)}` : String(op);
    }
    case "compressPayloads":
      return "compress";
    case "close":
      return `close ${effect.code}`;
    case "destroy":
    case "freeze":
    case "showPresence":
    case "connectVoice":
      return effect.type;
  }
}
