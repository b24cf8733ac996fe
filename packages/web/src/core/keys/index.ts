export { KeyboardMapHost } from './KeyboardMapHost.tsx';
export { openKeyboardMap } from './map.ts';
export { useShortcuts, type Shortcut } from './shortcuts.ts';
