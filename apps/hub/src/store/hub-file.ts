/** The hub's database file. */
import type { DatabaseFile } from "@guildwire/runtime/database";
import { MIGRATIONS } from "./schema.ts";

/** Topics and cursors. */
export const HUB_FILE: DatabaseFile = {
  name: "hub.sqlite",
  owner: "hub",
  migrations: MIGRATIONS,
  synchronous: "FULL",
  whenMovedAway: "the workers send what is true now",
  checksWhole: true,
};

/** A hub that is being replaced needs a moment to end. */
export const LOCK_WAIT_MS = 5_000;
