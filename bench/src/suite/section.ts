/** A part of RESULTS.md as data. */
export interface Section {
  readonly title: string;
  /** What was measured and how, in a few sentences. */
  readonly how: string;
  readonly tables: readonly Table[];
  /** What we set out to reach, and whether it was. */
  readonly wanted: readonly Wanted[];
  /** What the figures say, and what bounds those that miss what was wanted. Markdown paragraphs. */
  readonly remarks?: readonly string[];
}

export interface Table {
  readonly caption?: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Wanted {
  /** Such as "CPU per frame, 1 % ours, against ws + JSON.parse". */
  readonly what: string;
  /** Left out when a run that it takes failed: then it does not hold. */
  readonly measured?: number | undefined;
  readonly atMost: number;
  /** Of both figures; "×" unless said otherwise. */
  readonly unit?: string;
}
