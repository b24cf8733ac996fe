import type { Icon } from '@tabler/icons-react';
import { createElement } from 'react';

/** An icon as the lines of the palette show it: the label beside it says what it means. */
export const icon = (glyph: Icon) => createElement(glyph, { size: '1rem', stroke: 1.6, 'aria-hidden': true });
