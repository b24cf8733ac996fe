export { icon } from './icon.ts';
export { openPalette } from './open.ts';
export { scoreOf } from './match.ts';
export { PaletteHost } from './PaletteHost.tsx';
export type { PaletteAnswer, PaletteContribution, PaletteItem, PalettePlace, PaletteQuestion } from './types.ts';
