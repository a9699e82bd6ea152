import { createContext, type ReactNode, useContext, useMemo } from "react";
import { NO_PREFERENCES, type Preferences, preferencesCookie } from "./preferences.ts";

interface PreferencesAccess {
  readonly preferences: Preferences;
  readonly prefer: (change: Partial<Preferences>) => void;
}

const PreferencesContext = createContext<PreferencesAccess>({
  preferences: NO_PREFERENCES,
  prefer: () => undefined,
});

/** Hands the reader's choices to the tree below; a change is kept for a year. */
export function PreferencesProvider({
  preferences,
  onChange,
  children,
}: {
  readonly preferences: Preferences;
  readonly onChange: (preferences: Preferences) => void;
  readonly children: ReactNode;
}) {
  const access = useMemo<PreferencesAccess>(
    () => ({
      preferences,
      prefer(change) {
        const next = { ...preferences, ...change };
        // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
        document.cookie = preferencesCookie(next);
        onChange(next);
      },
    }),
    [preferences, onChange],
  );
  return <PreferencesContext value={access}>{children}</PreferencesContext>;
}

export function usePreferences(): PreferencesAccess {
  return useContext(PreferencesContext);
}
