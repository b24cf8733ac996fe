import {
  createTheme,
  defaultVariantColorsResolver,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core';

/** One teal for action and selection: shade 8 passes 4.5:1 on white, shade 3 on the dark page. */
const teal: MantineColorsTuple = [
  '#e6f6f4',
  '#cdebe7',
  '#9fd8d1',
  '#4cc2b4',
  '#35ab9e',
  '#239488',
  '#15827a',
  '#0f7872',
  '#0b6e69',
  '#075a56',
];

/** Mantine's dark greys, cooler and with more distance between page, surface and border. */
const dark: MantineColorsTuple = [
  '#dbe0e5',
  '#b8c0c8',
  '#9aa5b0',
  '#6c7782',
  '#39414a',
  '#2a3138',
  '#1d2228',
  '#14171b',
  '#101316',
  '#0b0d0f',
];

/** Filled buttons take our two colours, each with the page's colour on it: both pass 4.5:1 in both themes. */
const buttonColours: VariantColorsResolver = (input) => {
  const resolved = defaultVariantColorsResolver(input);
  if (input.variant !== 'filled') return resolved;
  const background = input.color === 'red' ? 'var(--cb-failing)' : 'var(--cb-accent)';
  return {
    ...resolved,
    background,
    hover: `color-mix(in srgb, ${background} 88%, var(--cb-text))`,
    color: 'var(--cb-page)',
  };
};

export const theme = createTheme({
  colors: { teal, dark },
  primaryColor: 'teal',
  primaryShade: { light: 8, dark: 3 },
  variantColorResolver: buttonColours,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  lineHeights: { xs: '1.45', sm: '1.45', md: '1.45', lg: '1.4', xl: '1.3' },
  spacing: { xs: '0.25rem', sm: '0.5rem', md: '0.75rem', lg: '1rem', xl: '1.5rem' },
  radius: { xs: '3px', sm: '6px', md: '6px', lg: '6px', xl: '6px' },
  defaultRadius: 'sm',
  shadows: { xs: 'none', sm: 'none', md: 'var(--cb-shadow)', lg: 'var(--cb-shadow)', xl: 'var(--cb-shadow)' },
  headings: { fontWeight: '600' },
  focusRing: 'auto',
  cursorType: 'pointer',
  components: {
    Button: { styles: { label: { fontWeight: 500 } } },
    Modal: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
  },
  respectReducedMotion: true,
});

/** Where Mantine's own greys miss 4.5:1 (dimmed text, placeholders), ours take their place. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-text': 'var(--cb-text)',
    '--mantine-color-body': 'var(--cb-page)',
    '--mantine-color-dimmed': 'var(--cb-dimmed)',
    '--mantine-color-placeholder': 'var(--cb-dimmed)',
    '--mantine-color-anchor': 'var(--cb-accent)',
    '--mantine-color-default-border': 'var(--cb-border)',
    '--mantine-color-error': 'var(--cb-failing)',
  },
  dark: {
    '--mantine-color-text': 'var(--cb-text)',
    '--mantine-color-body': 'var(--cb-page)',
    '--mantine-color-dimmed': 'var(--cb-dimmed)',
    '--mantine-color-placeholder': 'var(--cb-dimmed)',
    '--mantine-color-anchor': 'var(--cb-accent)',
    '--mantine-color-default-border': 'var(--cb-border)',
    '--mantine-color-error': 'var(--cb-failing)',
  },
});
