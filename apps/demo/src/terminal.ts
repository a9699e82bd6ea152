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

/** `all`: every line the processes write; `news`: only what happens to them. */
export function reportNews(name: string, news: ProcessNews, verbosity: "news" | "all"): void {
  switch (news.type) {
    case "started":
      return;
    case "ready":
      say(`${label(name)} ready after ${news.afterMs} ms`);
      return;
    case "died":
      say(
        `${label(name)} ${styleText("red", `died (${news.how})`)}, starting again in ${news.restartInMs} ms`,
      );
      if (verbosity === "news" && !news.how.startsWith("SIG")) {
        for (const line of news.lastLines) say(`${label(name)}   ${readable(line)}`);
      }
      return;
    case "line":
      if (verbosity === "all") say(`${label(name)} ${readable(news.text)}`);
      return;
  }
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
