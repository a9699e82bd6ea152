/** The one clear line, or the few, with which a process ends that cannot do what it was started for. */
import { unreadableEnvFiles } from "@guildwire/runtime";
import { ERROR_CODES, EXIT, type ExitCode } from "@guildwire/runtime/errors";

export function refuse(message: string, exitCode: ExitCode = EXIT.fixMe): ExitCode {
  process.stderr.write(`guildwire-worker: ${message}\n`);
  return exitCode;
}

export function refuseConfiguration(mistakes: readonly string[]): ExitCode {
  const problems = [...mistakes, ...unreadableEnvFiles(process.cwd())];
  const { code, name, exitCode } = ERROR_CODES.configurationInvalid;
  const count = `${problems.length} ${problems.length === 1 ? "mistake" : "mistakes"}`;
  return refuse(`${code} ${name}: ${count}\n${problems.map((line) => `  ${line}`).join("\n")}`, exitCode);
}
