import { HubProvider } from "@guildwire/client/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import "./style.css";

/** The server of `pnpm demo`, unless yours is named in `.env.local`. */
const GUILD_ID: string = import.meta.env["VITE_GUILD_ID"] || "900000000000000001";

const root = document.querySelector("#root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <HubProvider guildId={GUILD_ID} hub="/ws">
      <App />
    </HubProvider>
  </StrictMode>,
);
