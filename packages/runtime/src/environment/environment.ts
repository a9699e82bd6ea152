/**
 * An environment, read once. All mistakes are found together, each with the variable's name, what was given (a secret
 * never), the remedy, and where to read more. Spaces around a value are cut off, and a variable that is set to nothing
 * means the same as one that is not set: platforms make no difference either. Secrets may come from files.
 */
import type { z } from "zod";
import { type Misspelling, misspellings } from "./misspelling.ts";
import { looksLikeSample } from "./sample-secret.ts";
import { readSecretFile } from "./secret-file.ts";
import { shownValue } from "./shown-value.ts";
import type { Fields } from "./variable.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export type ValuesOf<Known extends Fields> = { readonly [Name in keyof Known]: z.output<Known[Name]> };

/** What is wrong with a variable: a sentence that begins with its name, without the name. */
export type Mistake<Name extends string = string> = readonly [name: Name, problem: string];

export interface EnvironmentRules<Known extends Fields> {
  readonly fields: Known;
  /** May come from a file, are never shown, and must be real ones in production. */
  readonly secrets: readonly (keyof Known & string)[];
  /** What others read from the same environment: not misspelt. */
  readonly knownElsewhere: readonly string[];
  /** Where to read about it. */
  readonly docsOf: (name: keyof Known & string) => string;
  /** Mistakes that only show when several are looked at; what is wrong by itself is left out of `values`. */
  readonly together?: (values: Partial<ValuesOf<Known>>) => readonly Mistake<keyof Known & string>[];
}

export type EnvironmentOutcome<Known extends Fields> =
  | {
      readonly ok: true;
      readonly values: ValuesOf<Known>;
      /** What is not wrong and probably not meant: one line each. */
      readonly advice: readonly string[];
    }
  /** One line per mistake, beginning with the variable's name. */
  | { readonly ok: false; readonly problems: readonly string[] };

export const FILE_SUFFIX = "_FILE";
const GENERAL_DOCS = "docs/configuration.md";

export function readEnvironment<Known extends Fields>(
  environment: Environment,
  rules: EnvironmentRules<Known>,
): EnvironmentOutcome<Known> {
  const { fields, secrets, knownElsewhere } = rules;
  const names = Object.keys(fields);
  const given = givenTexts(environment, names, secrets);
  const known = [...names, ...secrets.map((name) => name + FILE_SUFFIX)];
  const slips = misspellings(environment, known, knownElsewhere);
  const mistakes: Mistake[] = [...given.mistakes];
  const unread = new Set(mistakes.map(([name]) => name));
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const outcome = field.safeParse(given.texts[name]);
    if (outcome.success) values[name] = outcome.data;
    // What stands in its file could not be read, which says it all.
    else if (!unread.has(name))
      mistakes.push(...outcome.error.issues.map(({ message }) => [name, message] as const));
  }
  mistakes.push(...(rules.together?.(values as Partial<ValuesOf<Known>>) ?? []));
  if (environment["NODE_ENV"] === "production") mistakes.push(...sampleSecrets(given.texts, secrets));
  if (mistakes.length > 0) {
    const lines = mistakes.map((mistake) => mistakeLine(mistake, given.texts, slips, rules));
    return { ok: false, problems: lines };
  }
  return { ok: true, values: values as ValuesOf<Known>, advice: slips.map(adviceLine) };
}

const QUOTED =
  "is in quotes, which would become part of the value: leave them out (`docker run --env-file` hands them on)";

/** A shell and a `.env` file take quotes away; other sources of an environment hand them on. */
function isQuoted(text: string): boolean {
  return text.length > 1 && /^(["']).*\1$/s.test(text);
}

type Texts = Readonly<Record<string, string | undefined>>;

function givenTexts(environment: Environment, names: readonly string[], secrets: readonly string[]) {
  const texts: Record<string, string> = {};
  const mistakes: Mistake[] = [];
  for (const name of names) {
    const text = environment[name]?.trim();
    if (text) texts[name] = text;
    if (text && isQuoted(text)) mistakes.push([name, QUOTED]);
  }
  for (const name of secrets) {
    const path = environment[name + FILE_SUFFIX]?.trim();
    if (!path) continue;
    if (texts[name] !== undefined) {
      mistakes.push([name, `and ${name}${FILE_SUFFIX} are both set; leave one of them out`]);
      continue;
    }
    const file = readSecretFile(path);
    if (file.ok && isQuoted(file.text))
      mistakes.push([name, `in the file of ${name}${FILE_SUFFIX} ${QUOTED}`]);
    else if (file.ok) texts[name] = file.text;
    else mistakes.push([name, `is not in the file that ${name}${FILE_SUFFIX} names: ${file.problem}`]);
  }
  return { texts, mistakes };
}

function sampleSecrets(texts: Texts, secrets: readonly string[]): readonly Mistake[] {
  return secrets
    .filter((name) => texts[name]?.split(/\s+/).some(looksLikeSample))
    .map((name) => [name, "is a sample value, which production refuses; make one of your own"]);
}

function mistakeLine<Known extends Fields>(
  [name, problem]: Mistake,
  texts: Texts,
  slips: readonly Misspelling[],
  { secrets, docsOf }: EnvironmentRules<Known>,
): string {
  const hidden = secrets.flatMap((secret) => texts[secret] ?? []);
  const text = texts[name];
  const shown = text === undefined ? "" : `; it is ${shownValue(text, secrets.includes(name), hidden)}`;
  const slip = text === undefined ? slips.find(({ meant }) => meant?.startsWith(name)) : undefined;
  const hint = slip === undefined ? "" : `; there is ${slip.given}: is that what is meant?`;
  return `${name} ${problem}${shown}${hint} (${docsOf(name)})`;
}

function adviceLine({ given, meant }: Misspelling): string {
  return meant === undefined
    ? `${given} is read by nothing (${GENERAL_DOCS})`
    : `${given} is read by nothing; is ${meant} meant? (${GENERAL_DOCS})`;
}
