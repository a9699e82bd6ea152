export type { InteractionReport } from "./application/interaction.ts";
export type { Clock } from "./clock.ts";
export {
  type ApplicationReport,
  createDiscordSim,
  type DiscordSim,
  type NewApplication,
} from "./discord-sim.ts";
export type { Act, ActTarget } from "./fault/act.ts";
export { type Faults, NO_FAULTS, type Occasions } from "./fault/faults.ts";
export type { SessionReport } from "./gateway/gateway-server.ts";
export { SimError, type SimErrorCode } from "./sim-error.ts";
export { DEFAULT_GUILD_ID, type SimOptions } from "./sim-options.ts";
export type { SimStats } from "./sim-stats.ts";
export type { DirectCommand, SimCommand, WorldCommand } from "./world/command.ts";
export type { Dispatch, DispatchData, DispatchName } from "./world/dispatch.ts";
export type { InteractionCommand } from "./world/interaction-command.ts";
export { Permission } from "./world/permission.ts";
export type { Truth, TruthPerson, TruthRoom } from "./world/truth.ts";
