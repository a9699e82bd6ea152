import { type LucideIcon, Moon, Sun, SunMoon } from "lucide-react";
import type { Theme } from "./preferences.ts";
import { usePreferences } from "./preferences-provider.tsx";

export const THEME_LOOKS: Readonly<Record<Theme, { readonly label: string; readonly icon: LucideIcon }>> = {
  system: { label: "Device", icon: SunMoon },
  light: { label: "Light", icon: Sun },
  dark: { label: "Dark", icon: Moon },
};

export function ThemeButton() {
  const { label, icon: Icon } = THEME_LOOKS[usePreferences().preferences.theme];
  return (
    <button
      aria-haspopup="dialog"
      aria-label={`Colours: ${label}`}
      className="icon-button"
      data-opens="theme"
      data-tip="Colours"
      type="button"
    >
      <Icon aria-hidden="true" className="size-4.5" />
    </button>
  );
}
