/** Rounds and what they come to. Machines are noisy: a median with its spread, never a best run. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly count: number;
}

export function spreadOf(samples: readonly number[]): Spread {
  if (samples.length === 0) throw new RangeError("no samples");
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
  return { median, min: sorted[0] ?? 0, max: sorted.at(-1) ?? 0, count: sorted.length };
}

/**
 * Every subject once in each round, the order turned by one from round to round, so that no subject always runs on a
 * warm or a tired machine. A subject that fails is left out of that round, and its reason is told.
 */
export async function interleaved<Subject, Sample>(
  subjects: readonly Subject[],
  rounds: number,
  runOne: (subject: Subject, round: number) => Promise<Sample>,
  failed: (subject: Subject, reason: string) => void,
): Promise<readonly { readonly subject: Subject; readonly samples: readonly Sample[] }[]> {
  const lines = subjects.map((subject) => ({ subject, samples: [] as Sample[] }));
  for (let round = 0; round < rounds; round += 1) {
    for (let place = 0; place < lines.length; place += 1) {
      const line = lines[(place + round) % lines.length];
      if (line === undefined) continue;
      try {
        line.samples.push(await runOne(line.subject, round));
      } catch (error) {
        failed(line.subject, error instanceof Error ? error.message : String(error));
      }
    }
  }
  return lines;
}

/** `undefined` when either was not measured. */
export function quotient(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : one / other;
}

/** `q` from 0 to 1, of samples in any order. */
export function quantile(samples: readonly number[], q: number): number {
  if (samples.length === 0) throw new RangeError("no samples");
  const sorted = Float64Array.from(samples).sort();
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? sorted[0] ?? 0;
}
