import { createRootRoute, HeadContent, Outlet, Scripts } from "@tanstack/react-router";

export const Route = createRootRoute({
  head: () => ({
    meta: [
      { charSet: "utf-8" },
      { name: "viewport", content: "width=device-width, initial-scale=1" },
      { name: "color-scheme", content: "light dark" },
      { title: "Voice rooms in TanStack Start" },
    ],
  }),
  component: Document,
});

function Document() {
  return (
    <html lang="en">
      <head>
        <HeadContent />
      </head>
      <body style={{ font: "1rem/1.5 system-ui, sans-serif", margin: "3rem auto", maxWidth: "34rem" }}>
        <Outlet />
        <Scripts />
      </body>
    </html>
  );
}
