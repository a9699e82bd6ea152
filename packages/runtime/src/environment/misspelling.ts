/**
 * Finds variables that were probably meant to be ours: pure. Only names that look like one of ours are pointed out,
 * because an environment is full of strangers.
 */

/** What nothing of Guildwire has ever read; whoever sets one expects something of it. */
const OUR_PREFIX = "GUILDWIRE_";

export interface Misspelling {
  readonly given: string;
  /** The variable it looks like; `undefined` when it only has our prefix. */
  readonly meant: string | undefined;
}

/** In the order of the environment. `known`: every name that is read here; `elsewhere`: those that others read. */
export function misspellings(
  environment: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
  elsewhere: readonly string[] = [],
): readonly Misspelling[] {
  const names = new Set([...known, ...elsewhere]);
  return Object.keys(environment).flatMap((given) => {
    const value = environment[given];
    if (names.has(given) || !value || isServiceLink(given, value)) return [];
    const meant = known.find((name) => looksLike(given.toUpperCase(), name));
    // An environment that makes no difference between cases, as that of Windows, has it under both names.
    if (meant !== undefined && given.toUpperCase() === meant && environment[meant] === environment[given])
      return [];
    return meant !== undefined || given.startsWith(OUR_PREFIX) ? [{ given, meant }] : [];
  });
}

const LINK_NAME = /_SERVICE_(HOST|PORT(_\w+)?)$|_PORT_\d+_(TCP|UDP|SCTP)(_(ADDR|PORT|PROTO))?$/;

/**
 * What Kubernetes sets in every container for each service of the namespace, by the service's own name.
 * Source: https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
 */
function isServiceLink(name: string, value: string): boolean {
  return LINK_NAME.test(name) || /^(tcp|udp|sctp):\/\//.test(value);
}

function looksLike(given: string, name: string): boolean {
  return isPartOf(given, name) || editDistance(given, name) <= editsMax(name);
}

/** `DISCORD_TOKEN` or `BOT_TOKEN` for `DISCORD_BOT_TOKEN`: two of its words or more, and no others. */
function isPartOf(given: string, name: string): boolean {
  const words = given.split("_");
  const wanted = name.split("_");
  return words.length > 1 && words.length < wanted.length && words.every((word) => wanted.includes(word));
}

/** One slip in a short name, two in a long one: more, and `HOST` would be taken for `PORT`. */
function editsMax(name: string): number {
  return name.length < 8 ? 1 : 2;
}

/** Letters added, left out or changed, and neighbours that changed places (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return Number.POSITIVE_INFINITY;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const differs = a[row - 1] === b[column - 1] ? 0 : 1;
      let least = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + differs);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        least = Math.min(least, at(beforeLast, column - 2) + 1);
      current.push(least);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
