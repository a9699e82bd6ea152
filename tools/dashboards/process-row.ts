/** What every process tells of itself, the same on each dashboard. */
import type { Row } from "./dashboard.ts";
import { of, rateOf } from "./expression.ts";
import { graph, number } from "./panel.ts";

export function processRow(job: string): Row {
  const jobs = `job=~"${job}"`;
  const legend = "{{job}} {{instance}}";
  return {
    title: "The process",
    panels: [
      number("What runs", "Version, commit and Node.", of("guildwire_build_info", jobs), {
        names: "{{service}} {{version}} {{commit}} on {{node}}",
        width: 24,
      }),
      graph(
        "Processor",
        "Cores in use. The event loop's share is its own line: at 1 there is nothing left, whatever else the machine has.",
        [
          [rateOf("process_cpu_seconds_total", "job, instance", jobs), `${legend} processor`],
          [
            rateOf("guildwire_event_loop_active_seconds_total", "job, instance", jobs),
            `${legend} event loop`,
          ],
        ],
        { unit: "percentunit" },
      ),
      graph(
        "Memory",
        "Resident memory, JavaScript heap in it, and what the container may have.",
        [
          [of("process_resident_memory_bytes", jobs), `${legend} resident`],
          [of("nodejs_heap_size_used_bytes", jobs), `${legend} heap`],
          [of("guildwire_memory_limit_bytes", jobs), `${legend} limit`],
        ],
        { unit: "bytes" },
      ),
      graph(
        "Event loop delay, 99 of 100",
        "How late the loop was when asked once a second. Some milliseconds are usual.",
        [
          [
            `histogram_quantile(0.99, ${rateOf("guildwire_event_loop_delay_seconds_bucket", "job, instance, le", jobs)})`,
            legend,
          ],
        ],
        { unit: "s", threshold: 1 },
      ),
      graph(
        "Open files",
        "Each socket is one. An alert tells when the system's limit is near.",
        [[of("process_open_fds", jobs), legend]],
        { unit: "short" },
      ),
      graph(
        "How long it has run",
        "A fall to 0 is a restart.",
        [[`time() - ${of("process_start_time_seconds", jobs)}`, legend]],
        { unit: "s", width: 24 },
      ),
    ],
  };
}
