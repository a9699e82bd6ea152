/** Turborepo without telemetry, and so without the notice about it: `node tools/turbo.ts run build`. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const TURBO = fileURLToPath(new URL("../node_modules/turbo/bin/turbo", import.meta.url));

const { status } = spawnSync(process.execPath, [TURBO, ...process.argv.slice(2)], {
  stdio: "inherit",
  env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1" },
});
process.exitCode = status ?? 1;
