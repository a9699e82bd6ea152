/** docs/errors.md, made of the registry of error codes and what is to be done about each. */
import {
  ERROR_CODES,
  type ErrorCode,
  type ErrorName,
  EXPLANATIONS,
} from "../packages/runtime/src/errors/index.ts";
import { table, wrapped } from "./markdown.ts";

const ENDS: Readonly<Record<ErrorCode["ends"], string>> = {
  starting: "yes, before anything connects",
  running: "yes",
  never: "no; of `check`",
};

const INTRODUCTION = `# Errors

<!-- Made by \`pnpm docs:generate\` from packages/runtime/src/errors. Change it there. -->

Every way in which a process can fail has a code. A code appears as \`errorCode\` in a log record, in the table of \`check\`
and, when the process ends, at the start of its last message. A code never changes its meaning. In a container without
these pages, \`node dist/main.js explain E014\` prints one of the sections below.

## Exit codes

They follow \`sysexits.h\`, so that a supervisor can tell "restart me" from "fix me".

${table([
  ["exit code", "meaning", "what a supervisor should do"],
  [
    "0",
    "stopped by SIGTERM or SIGINT, in good order; of a command: all is well, with advice at most",
    "nothing",
  ],
  ["70", "a bug of Guildwire", "restart, and report it"],
  [
    "75",
    "something outside failed for too long, or a second signal cut the stop short",
    "restart: the process goes on where it stopped",
  ],
  ["78", "a person has to change something", "do not restart before that"],
])}

Before it ends with 70, 75 or 78, a running worker closes the Gateway connection so that the session can be resumed,
and tries for up to 2 s to deliver what waits. What is not delivered stays in \`DATA_DIR\`. \`check\` ends with the code of
what it found: 78 when a person has to change something, else 75 when something may pass by itself.

## Codes
`;

export function errorsPage(): string {
  const entries = (Object.entries(ERROR_CODES) as [ErrorName, ErrorCode][]).toSorted(([, a], [, b]) =>
    a.code.localeCompare(b.code),
  );
  const codes = table([
    ["code", "name", "ends the process", "exit code"],
    ...entries.map(([, { code, name, ends, exitCode }]) => [
      `[${code}](#${anchor(code, name)})`,
      name,
      ENDS[ends],
      String(exitCode),
    ]),
  ]);
  return `${INTRODUCTION}\n${codes}\n\n${entries.map(section).join("\n")}`;
}

function section([key, { code, name }]: [ErrorName, ErrorCode]): string {
  const { happened, does, remedy } = EXPLANATIONS[key];
  return [
    `## ${code} ${name}\n`,
    `${wrapped(`**What happened.** ${happened}`)}\n`,
    `${wrapped(`**What the process does.** ${does}`)}\n`,
    `${wrapped(`**What to do.** ${remedy}`)}\n`,
  ].join("\n");
}

/** As GitHub makes it of a heading. */
function anchor(code: string, name: string): string {
  return `${code} ${name}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, "")
    .replaceAll(" ", "-");
}
