/** Something that grows, and the costs that are looked at while it does. */
export interface GrowthAxis {
  /** Such as "people": of its plot's file too. */
  readonly name: string;
  /** Of the x axis, such as "people in voice". */
  readonly label: string;
  /** What is measured and how, a sentence or two. */
  readonly how: string;
  /** Smallest first, each about ten times the one before where that is possible. */
  readonly inputs: readonly number[];
  /** For `--quick`. */
  readonly quickInputs: readonly number[];
  readonly costs: readonly Cost[];
  readonly measure: (input: number, quick: boolean) => Promise<Costs>;
}

export interface Cost {
  readonly name: string;
  /** With its unit, as the head of a column. */
  readonly label: string;
}

/** By the cost's name. All of an axis are there at each input. */
export type Costs = Readonly<Record<string, number>>;
