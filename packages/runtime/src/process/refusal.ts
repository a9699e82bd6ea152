/** The one clear line, or the few, with which a process ends that cannot do what it was started for. */
import { ERROR_CODES } from "../errors/error-code.ts";
import { EXIT, type ExitCode } from "../errors/exit-code.ts";

export interface Refusal {
  /** Writes the message to standard error. Returns the exit code, `fixMe` by default. */
  refuse(message: string, exitCode?: ExitCode): ExitCode;
  /** E011 with one line per mistake. */
  refuseConfiguration(problems: readonly string[]): ExitCode;
}

export function createRefusal(app: string): Refusal {
  const refuse = (message: string, exitCode: ExitCode = EXIT.fixMe): ExitCode => {
    process.stderr.write(`${app}: ${message}\n`);
    return exitCode;
  };
  return {
    refuse,
    refuseConfiguration(problems) {
      const { code, name, exitCode } = ERROR_CODES.configurationInvalid;
      const count = `${problems.length} ${problems.length === 1 ? "mistake" : "mistakes"}`;
      return refuse(`${code} ${name}: ${count}\n${problems.map((line) => `  ${line}`).join("\n")}`, exitCode);
    },
  };
}
