import type { Snowflake } from "@guildwire/discord-wire";
import type { InteractionReport } from "../application/interaction.ts";
import type { ApplicationReport, NewApplication } from "../discord-sim.ts";
import type { Act, ActTarget } from "../fault/act.ts";
import type { Faults } from "../fault/faults.ts";
import type { SessionReport } from "../gateway/gateway-server.ts";
import { SimError } from "../sim-error.ts";
import type { SimStats } from "../sim-stats.ts";
import type { SimCommand } from "../world/command.ts";
import type { Truth } from "../world/truth.ts";
import type { Outcome } from "../world-keeper.ts";
import { decodeAct, decodeApplication, decodeCommand, decodeFaults } from "./control-message.ts";
import type { Checked } from "./shape.ts";

/** What the control port can have done. */
export interface ControlTarget {
  /** `undefined` for a server the bot is not in. */
  truth(guildId?: Snowflake): Truth | undefined;
  guildIds(): readonly Snowflake[];
  sessions(): readonly SessionReport[];
  stats(): SimStats;
  faults(): Faults;
  applications(): readonly ApplicationReport[];
  /** Throws `COMMAND_REFUSED`. */
  addApplication(application: NewApplication): ApplicationReport;
  interactions(): readonly InteractionReport[];
  pause(): void;
  resume(): void;
  apply(command: SimCommand, guildId?: Snowflake): Outcome;
  setFaults(faults: Partial<Faults>): void;
  act(act: Act, target: ActTarget): void;
}

export interface ControlAnswer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Answers one request on the control port. `path` is what follows `/control`. Mistakes are 400 with
 * `{"error": …, "field": …}`; a command that is well-formed and impossible is 409 in the same form.
 */
export function answerControl(
  target: ControlTarget,
  method: string,
  path: string,
  body: string,
): ControlAnswer {
  switch (`${method} ${path}`) {
    case "GET /world":
      return ok(target.truth());
    case "GET /guilds":
      return ok(target.guildIds());
    case "GET /sessions":
      return ok(target.sessions());
    case "GET /stats":
      return ok(target.stats());
    case "GET /faults":
      return ok(target.faults());
    case "GET /applications":
      return ok(target.applications());
    case "POST /applications":
      return withJson(body, decodeApplication, (application) => addApplication(target, application));
    case "GET /interactions":
      return ok(target.interactions());
    case "POST /pause":
      target.pause();
      return ok({ paused: true });
    case "POST /resume":
      target.resume();
      return ok({ paused: false });
    case "POST /commands":
      return withJson(body, decodeCommand, ({ command, guildId }) =>
        answerCommand(target.apply(command, guildId)),
      );
    case "POST /faults":
      return withJson(body, decodeFaults, (faults) => {
        target.setFaults(faults);
        return ok(target.faults());
      });
    case "POST /acts":
      return withJson(body, decodeAct, ({ act, target: meant }) => {
        target.act(act, meant);
        return ok({ done: act.type });
      });
    default: {
      const interactionId = /^GET \/interactions\/(\d{1,20})$/.exec(`${method} ${path}`)?.[1];
      const report = target.interactions().find(({ id }) => id === interactionId);
      if (report !== undefined) return ok(report);
      const guildId = /^GET \/world\/(\d{1,20})$/.exec(`${method} ${path}`)?.[1];
      const truth = guildId === undefined ? undefined : target.truth(guildId as Snowflake);
      if (truth !== undefined) return ok(truth);
      return { status: 404, body: { error: `no such control: ${method} ${path}` } };
    }
  }
}

function answerCommand(change: Outcome): ControlAnswer {
  if (change.ok) {
    const { dispatches, interactionId } = change;
    return ok({ dispatches, ...(interactionId === undefined ? {} : { interactionId }) });
  }
  return { status: 409, body: { error: `${change.field} ${change.problem}`, field: change.field } };
}

function addApplication(target: ControlTarget, application: NewApplication): ControlAnswer {
  try {
    return ok(target.addApplication(application));
  } catch (error) {
    if (!(error instanceof SimError)) throw error;
    return { status: 409, body: { error: error.message, field: error.field } };
  }
}

function withJson<T>(
  body: string,
  decode: (json: unknown) => Checked<T>,
  answer: (value: T) => ControlAnswer,
): ControlAnswer {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { status: 400, body: { error: "body must be JSON", field: "body" } };
  }
  const checked = decode(json);
  if (checked.ok) return answer(checked.value);
  return { status: 400, body: { error: `${checked.field} ${checked.problem}`, field: checked.field } };
}

function ok(body: unknown): ControlAnswer {
  return { status: 200, body };
}
