import { createServerFn } from "@tanstack/react-start";
import { readPageHistory } from "./server/page-history.ts";

/** For the page at `/`: what happened in its rooms lately. Runs on the server; a browser calls it over HTTP. */
export const getRoomHistory = createServerFn({ method: "GET" }).handler(() => readPageHistory());
