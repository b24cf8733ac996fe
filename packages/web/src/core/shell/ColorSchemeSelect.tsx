import type { MantineColorScheme } from '@mantine/core';
import { IconContrastFilled } from '@tabler/icons-react';
import { useTheme } from '../session/index.ts';
import classes from './ColorSchemeSelect.module.css';

/** Light, dark, or as the system has it. The browser's own list: it costs nothing and every keyboard knows it. */
export function ColorSchemeSelect() {
  const { scheme, choose } = useTheme();
  return (
    <div className={classes.box}>
      <IconContrastFilled size="1.125rem" aria-hidden />
      <select
        className={classes.select}
        aria-label="Colour theme"
        title="Colour theme"
        value={scheme}
        onChange={(event) => choose(event.currentTarget.value as MantineColorScheme)}
      >
        <option value="light">Light</option>
        <option value="dark">Dark</option>
        <option value="auto">System</option>
      </select>
    </div>
  );
}
