import { createServerFn } from "@tanstack/react-start";
import { mintPageTicket } from "./server/mint-page-ticket.ts";

/**
 * A ticket for the view that the page at `/` shows, for one use by a page of this hub. Start answers server functions
 * to its own origin only (Sec-Fetch-Site, or else Origin and Referer).
 */
export const fetchPageTicket = createServerFn({ method: "POST" }).handler(() => mintPageTicket());
