import icons from './icon-button.module.css';
import tables from './table.module.css';

/** A button that is only a picture, 32 pixels wide. What a page says of its button besides counts more. */
export const iconButton = icons['iconButton']!;

/** The same, 24 pixels wide. */
export const smallIconButton = `${iconButton} ${icons['small']!}`;

/** A table of rows divided by lines, under a quiet head. */
export const quietTable = tables['table']!;
