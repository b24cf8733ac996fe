import { useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useCallback, useEffect, useRef } from 'react';
import { usePreference } from './preferences.ts';

const chosenHere = (): boolean => {
  try {
    return localStorage.getItem('callboard.color-scheme') !== null;
  } catch {
    return false;
  }
};

/** The colour theme: this browser's choice, which others of the same person start from. */
export function useTheme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { change } = usePreference('theme');
  const choose = useCallback(
    (scheme: MantineColorScheme) => {
      setColorScheme(scheme);
      change(() => scheme);
    },
    [setColorScheme, change],
  );
  return { scheme: colorScheme, choose };
}

/** A browser in which nobody has chosen yet takes over what was chosen in another. */
export function useThemeOfElsewhere(): void {
  const { setColorScheme } = useMantineColorScheme();
  const { value } = usePreference('theme');
  const done = useRef(false);
  useEffect(() => {
    if (value === undefined || done.current) return;
    done.current = true;
    if (!chosenHere()) setColorScheme(value);
  }, [value, setColorScheme]);
}
