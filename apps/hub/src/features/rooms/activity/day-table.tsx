import { timeAt } from "./day-plot.tsx";
import type { Day } from "./day-series.ts";

/** The plots in words and numbers: an hour a row, newest first. */
export function DayTable({ day }: { readonly day: Day }) {
  const perHour = Math.max(1, Math.round(3_600_000 / day.stretchMs));
  const hours: number[] = [];
  for (let index = 0; index < day.total.length; index += perHour) hours.unshift(index);
  return (
    <table className="w-full text-sm">
      <thead className="text-left text-faint text-xs">
        <tr>
          <th className="py-1 font-medium" scope="col">
            From
          </th>
          <th className="py-1 pr-4 text-right font-medium" scope="col">
            People
          </th>
          <th className="py-1 font-medium" scope="col">
            Fullest room
          </th>
        </tr>
      </thead>
      <tbody>
        {hours.map((index) => (
          <HourRow day={day} from={index} key={index} to={index + perHour} />
        ))}
      </tbody>
    </table>
  );
}

function HourRow({ day, from, to }: { readonly day: Day; readonly from: number; readonly to: number }) {
  const most = (people: readonly (number | null)[]): number | null =>
    people.slice(from, to).reduce((max, count) => (count === null ? max : Math.max(max ?? 0, count)), null);
  const total = most(day.total);
  let fullest: { readonly name: string; readonly count: number } | null = null;
  for (const { name, people } of day.rooms) {
    const count = most(people) ?? 0;
    if (count > (fullest?.count ?? 0)) fullest = { name, count };
  }
  return (
    <tr className="border-line border-t">
      <th className="py-1.5 text-left font-normal text-soft" scope="row">
        {timeAt(day, from)}
      </th>
      <td className="py-1.5 pr-4 text-right">{total ?? "not known"}</td>
      <td className="max-w-0 truncate py-1.5">
        {fullest === null ? (
          "–"
        ) : (
          <>
            <bdi>{fullest.name}</bdi> ({fullest.count})
          </>
        )}
      </td>
    </tr>
  );
}
