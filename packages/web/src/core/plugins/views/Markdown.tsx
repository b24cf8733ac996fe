import type { MarkdownView } from '@callboard/model/plugins';
import { Prose } from '../../ui/index.ts';

/** Prose of a plugin. */
export const Markdown = ({ view }: { view: MarkdownView }) => <Prose text={view.text} />;
