import { createIsomorphicFn } from "@tanstack/react-start";
import { getRequestHeader } from "@tanstack/react-start/server";
import { readPreferences } from "./preferences.ts";

/** The reader's choices as their browser sends them, so that the first HTML already heeds them. */
export const requestedPreferences = createIsomorphicFn()
  .server(() => readPreferences(getRequestHeader("cookie") ?? ""))
  .client(() => readPreferences(document.cookie));
