import type { Act } from "../fault/act.ts";
import type { Faults } from "../fault/faults.ts";
import type { SimStats } from "../sim-stats.ts";
import type { Change } from "../world/change.ts";
import type { WorldCommand } from "../world/command.ts";
import type { Truth } from "../world/truth.ts";
import { decodeAct, decodeCommand, decodeFaults } from "./control-message.ts";
import type { Checked } from "./shape.ts";

/** What the control port can have done. */
export interface ControlTarget {
  truth(): Truth;
  stats(): SimStats;
  faults(): Faults;
  pause(): void;
  resume(): void;
  apply(command: WorldCommand): Change;
  setFaults(faults: Partial<Faults>): void;
  act(act: Act): void;
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
    case "GET /stats":
      return ok(target.stats());
    case "GET /faults":
      return ok(target.faults());
    case "POST /pause":
      target.pause();
      return ok({ paused: true });
    case "POST /resume":
      target.resume();
      return ok({ paused: false });
    case "POST /commands":
      return withJson(body, decodeCommand, (command) => answerCommand(target.apply(command)));
    case "POST /faults":
      return withJson(body, decodeFaults, (faults) => {
        target.setFaults(faults);
        return ok(target.faults());
      });
    case "POST /acts":
      return withJson(body, decodeAct, (act) => {
        target.act(act);
        return ok({ done: act.type });
      });
    default:
      return { status: 404, body: { error: `no such control: ${method} ${path}` } };
  }
}

function answerCommand(change: Change): ControlAnswer {
  if (change.ok) return ok({ dispatches: change.dispatches });
  return { status: 409, body: { error: `${change.field} ${change.problem}`, field: change.field } };
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
