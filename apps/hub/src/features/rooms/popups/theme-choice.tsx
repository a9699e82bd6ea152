import { Popover } from "@base-ui/react/popover";
import { Toggle } from "@base-ui/react/toggle";
import { ToggleGroup } from "@base-ui/react/toggle-group";
import { THEMES, type Theme } from "../controls/preferences.ts";
import { usePreferences } from "../controls/preferences-provider.tsx";
import { THEME_LOOKS } from "../controls/theme-button.tsx";

/** Light, dark, or as the device has it. */
export function ThemeChoice() {
  const { preferences, prefer } = usePreferences();
  return (
    <>
      <Popover.Title className="mb-3 font-semibold text-sm">Colours</Popover.Title>
      <ToggleGroup
        aria-label="Colours"
        className="segments"
        onValueChange={([theme]: Theme[]) => theme !== undefined && prefer({ theme })}
        value={[preferences.theme]}
      >
        {THEMES.map((theme) => {
          const { label, icon: Icon } = THEME_LOOKS[theme];
          return (
            <Toggle className="segment" key={theme} value={theme}>
              <Icon aria-hidden="true" className="size-4" />
              {label}
            </Toggle>
          );
        })}
      </ToggleGroup>
    </>
  );
}
