/** What the demo and `pnpm dev` say to the person in front of the terminal. */
import { styleText } from "node:util";
import type { ProcessNews } from "./supervised-process.ts";

const COLOURS = { sim: "magenta", worker: "cyan", hub: "green" } as const;

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function label(name: string): string {
  return styleText(COLOURS[name as keyof typeof COLOURS] ?? "white", name.padEnd(6));
}

export interface Narration {
  /** Said when the process has died: what a page shows of it. */
  readonly gone: string;
  /** Said when it is back. */
  readonly back: string;
}

export interface ReporterOptions {
  /** `all`: every line the processes write; `news`: only what happens to them. */
  readonly verbosity: "news" | "all";
  /** By the name of the process. */
  readonly narration?: Readonly<Record<string, Narration>>;
  readonly print?: (text: string) => void;
}

/** Reports what happens to processes. The same reason of a death is printed once, however often it comes again. */
export function newsReporter({
  verbosity,
  narration = {},
  print = say,
}: ReporterOptions): (name: string, news: ProcessNews) => void {
  const lastReasons = new Map<string, string>();
  const wasReady = new Set<string>();

  function reportDeath(name: string, news: Extract<ProcessNews, { type: "died" }>): void {
    const ended = styleText("red", `process ${news.pid} died (${news.how})`);
    print(`${label(name)} ${ended}, starting again in ${news.restartInMs / 1_000} s`);
    const told = narration[name];
    if (wasReady.has(name) && told !== undefined) print(`${label(name)} ${told.gone}`);
    if (verbosity === "all" || news.how.startsWith("SIG")) return;
    const reasons = reasonsIn(news.lastLines);
    if (reasons.length === 0) return;
    const reason = reasons.map(messageOf).join("\n");
    if (lastReasons.get(name) === reason) print(`${label(name)}   for the same reason as before`);
    else for (const line of reasons) print(`${label(name)}   ${readable(line)}`);
    lastReasons.set(name, reason);
  }

  return (name, news) => {
    switch (news.type) {
      case "started":
        return;
      case "ready": {
        const told = narration[name];
        const isBack = wasReady.has(name) && told !== undefined;
        print(
          `${label(name)} ready after ${news.afterMs} ms, process ${news.pid}${isBack ? `: ${told.back}` : ""}`,
        );
        wasReady.add(name);
        return;
      }
      case "died":
        reportDeath(name, news);
        return;
      case "line":
        if (verbosity === "all") print(`${label(name)} ${readable(news.text)}`);
        return;
    }
  };
}

/** The errors among a process's last lines; all of them when none says that it is one. */
function reasonsIn(lines: readonly string[]): readonly string[] {
  const errors = lines.filter((line) => !line.startsWith("{") || /"level":"(error|fatal)"/.test(line));
  return errors.length > 0 ? errors : lines;
}

/** Without its time, by which a repeated line differs. */
function messageOf(line: string): string {
  return readable(line).replace(/^\d\d:\d\d:\d\d /, "");
}

/** A JSON log line as a person would want to read it; any other line as it is. */
export function readable(line: string): string {
  if (!line.startsWith("{")) return line;
  try {
    const { time, level, msg, event } = JSON.parse(line) as Record<string, unknown>;
    const clock = typeof time === "string" ? time.slice(11, 19) : "";
    return `${clock} ${String(level).padEnd(5)} ${String(msg ?? event ?? line)}`;
  } catch {
    return line;
  }
}
