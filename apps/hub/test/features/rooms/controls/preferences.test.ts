import { expect, it } from "vitest";
import {
  NO_PREFERENCES,
  preferencesCookie,
  readPreferences,
} from "../../../../src/features/rooms/controls/preferences.ts";

it("comes back from the cookie as it was chosen", () => {
  const chosen = { theme: "dark", marks: ["occupied", "stage"] } as const;
  const cookie = preferencesCookie(chosen).split(";")[0];
  expect(readPreferences(`other=1; ${cookie}; more=2`)).toEqual(chosen);
  expect(readPreferences(preferencesCookie(NO_PREFERENCES))).toEqual(NO_PREFERENCES);
});

it.each(["", "other=dark", "guildwire_page=", "guildwire_page=pink.<script>.all", "xguildwire_page=dark"])(
  "counts what is not known as not chosen: %s",
  (cookies) => {
    expect(readPreferences(cookies)).toEqual(NO_PREFERENCES);
  },
);

it("says nothing to other sites", () => {
  expect(preferencesCookie(NO_PREFERENCES)).toContain("samesite=lax");
});
