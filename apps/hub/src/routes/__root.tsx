import { CSPProvider } from "@base-ui/react/csp-provider";
import { createRootRoute, HeadContent, Outlet, Scripts, useLocation } from "@tanstack/react-router";
import { useState } from "react";
import type { Preferences } from "../features/rooms/controls/preferences.ts";
import { PreferencesProvider } from "../features/rooms/controls/preferences-provider.tsx";
import { requestedPreferences } from "../features/rooms/controls/requested-preferences.ts";
import { OWN_HOST_SCRIPT } from "../own-host.ts";
import { NothingHere } from "../shell/nothing-here.tsx";
import styles from "../styles.css?url";

export const Route = createRootRoute({
  loader: (): Preferences => requestedPreferences(),
  staleTime: Number.POSITIVE_INFINITY,
  head: () => ({
    meta: [
      { charSet: "utf-8" },
      { name: "viewport", content: "width=device-width, initial-scale=1" },
      { title: "Guildwire: live voice rooms" },
    ],
    links: [
      { rel: "stylesheet", href: styles },
      { rel: "icon", type: "image/svg+xml", href: "/favicon.svg" },
    ],
    scripts: [{ children: OWN_HOST_SCRIPT }],
  }),
  component: Document,
  notFoundComponent: NothingHere,
});

function Document() {
  const [preferences, setPreferences] = useState<Preferences>(Route.useLoaderData());
  const path = useLocation({ select: ({ pathname }) => pathname });
  return (
    <html data-path={path} data-theme={preferences.theme} lang="en">
      <head>
        <HeadContent />
      </head>
      <body>
        <CSPProvider disableStyleElements>
          <PreferencesProvider onChange={setPreferences} preferences={preferences}>
            <Outlet />
          </PreferencesProvider>
        </CSPProvider>
        <Scripts />
      </body>
    </html>
  );
}
