/** What each cost becomes as its input grows ten and a hundred times. */
import { benchmark } from "../suite/benchmark.ts";
import { figure } from "../suite/report.ts";
import { interleaved, type Spread, spreadOf } from "../suite/samples.ts";
import type { Section, Table, Wanted } from "../suite/section.ts";
import { BACKLOG_AXIS } from "./axes/backlog.ts";
import { PEOPLE_AXIS, ROOMS_AXIS } from "./axes/guild-size.ts";
import { GUILDS_AXIS } from "./axes/guilds.ts";
import { LOG_AXIS } from "./axes/log.ts";
import { SOCKETS_AXIS } from "./axes/sockets.ts";
import { VIEWS_AXIS } from "./axes/views.ts";
import type { Cost, Costs, GrowthAxis } from "./axis.ts";

const AXES: readonly GrowthAxis[] = [
  GUILDS_AXIS,
  ROOMS_AXIS,
  PEOPLE_AXIS,
  VIEWS_AXIS,
  SOCKETS_AXIS,
  BACKLOG_AXIS,
  LOG_AXIS,
];

interface Grown {
  readonly axis: string;
  readonly steps: readonly GrownStep[];
  /** Whether every input has its costs. */
  readonly isWhole: boolean;
}

interface GrownStep {
  readonly input: number;
  readonly costs: Readonly<Record<string, Spread>>;
}

export interface GrowthResult {
  readonly grown: readonly Grown[];
}

export const GROWTH = benchmark<GrowthResult>({
  name: "growth",
  about: "what each cost becomes as its input grows ten and a hundred times",
  async run({ quick, picks, rounds, log, failed }) {
    const grown: Grown[] = [];
    for (const axis of AXES.filter(({ name }) => picks(name))) {
      const inputs = quick ? axis.quickInputs : axis.inputs;
      const lines = await interleaved(
        inputs,
        rounds(quick ? 1 : 3),
        async (input, round) => {
          log(`${axis.name}, round ${round + 1}: ${figure(input)}`);
          return await axis.measure(input, quick);
        },
        (input, reason) => failed(`${figure(input)} ${axis.label}: ${reason}`),
      );
      grown.push({
        axis: axis.name,
        steps: lines.flatMap(({ subject, samples }) =>
          samples.length === 0 ? [] : [{ input: subject, costs: spreads(axis.costs, samples) }],
        ),
        isWhole: lines.every(({ samples }) => samples.length > 0),
      });
    }
    return { grown };
  },
  section,
});

function spreads(costs: readonly Cost[], samples: readonly Costs[]): Readonly<Record<string, Spread>> {
  return Object.fromEntries(
    costs.map(({ name }) => [name, spreadOf(samples.map((sample) => sample[name] ?? Number.NaN))]),
  );
}

function section({ grown }: GrowthResult): Section {
  const known = grown.flatMap((one) => {
    const axis = AXES.find(({ name }) => name === one.axis);
    return axis === undefined || one.steps.length < 2 ? [] : [{ ...one, axis }];
  });
  return {
    title: "Growth",
    how:
      "One thing grows, everything else stays as it is: 20 rooms, 200 people, one view, nobody watching. The last line of " +
      "each table says by how much a cost grew over the whole range, as the power of the input: 0 is a cost that does not " +
      "grow, 1 one that grows in proportion. " +
      `${known.map(({ axis }) => `**${axis.name}**: ${axis.how}`).join(" ")}`,
    tables: known.map(({ axis, steps }) => tableOf(axis, steps)),
    wanted: known.map(({ axis, steps, isWhole }) => worstOf(axis, steps, isWhole)),
  };
}

function tableOf(axis: GrowthAxis, steps: readonly GrownStep[]): Table {
  return {
    caption: `By ${axis.label}`,
    head: [axis.label, ...axis.costs.map(({ label }) => label)],
    rows: [
      ...steps.map(({ input, costs }) => [
        figure(input),
        ...axis.costs.map(({ name }) => figure(costs[name]?.median ?? Number.NaN)),
      ]),
      ["_power of the input_", ...axis.costs.map((cost) => powerOf(cost, steps).toFixed(2))],
    ],
  };
}

/** 0: the cost stays; 1: it grows as its input does; 2: as its square. Over the whole range. */
function powerOf({ name }: Cost, steps: readonly GrownStep[]): number {
  const [first, last] = [steps[0], steps.at(-1)];
  const [from, to] = [first?.costs[name]?.median, last?.costs[name]?.median];
  if (first === undefined || last === undefined || !from || !to) return 0;
  return Math.log(to / from) / Math.log(last.input / first.input);
}

/** A little above 1: what is in proportion is measured so, give or take. */
const IN_PROPORTION = 1.1;

function worstOf(axis: GrowthAxis, steps: readonly GrownStep[], isWhole: boolean): Wanted {
  const powers = axis.costs.map((cost) => ({ cost, power: powerOf(cost, steps) }));
  const worst = powers.reduce((one, other) => (other.power > one.power ? other : one));
  return {
    what: `fastest growth with ${axis.label}: ${worst.cost.label}`,
    measured: isWhole ? Number(worst.power.toFixed(2)) : undefined,
    atMost: IN_PROPORTION,
    unit: "th power",
  };
}
