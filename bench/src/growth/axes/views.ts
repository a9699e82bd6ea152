/** The same server is shown by more and more views. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ORDINARY, OURS, Stage } from "../../delivery/subject.ts";
import type { Costs, GrowthAxis } from "../axis.ts";
import { AT_REST_COSTS, atRest, FLOWING_COSTS, flowing } from "../chain-costs.ts";

export const VIEWS_AXIS: GrowthAxis = {
  name: "views",
  label: "views of the server",
  how: "in turn with names, without and of rooms alone; a hub may have 16.",
  inputs: [1, 4, 16],
  quickInputs: [1, 16],
  costs: [...AT_REST_COSTS, ...FLOWING_COSTS],
  async measure(count, quick): Promise<Costs> {
    const directory = mkdtempSync(join(tmpdir(), "guildwire-bench-views-"));
    try {
      const file = join(directory, "views.json");
      const kinds = ["named", "anonymous", "none"] as const;
      const views = Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
          index === 0 ? "public" : `view${index}`,
          { access: "anyone", people: kinds[index % kinds.length] },
        ]),
      );
      writeFileSync(file, JSON.stringify({ views }));
      await using stage = await Stage.set(OURS, { ...ORDINARY, hubEnv: { VIEWS_FILE: file } });
      return { ...(await atRest(stage, quick ? 60 : 500)), ...(await flowing(stage, quick ? 500 : 3_000)) };
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
};
