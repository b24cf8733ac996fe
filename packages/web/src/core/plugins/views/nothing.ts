import type { ViewModel } from '@callboard/model/plugins';

const contentOf = (view: ViewModel): { length: number } => {
  switch (view.model) {
    case 'table':
      return view.rows;
    case 'chart':
      return view.series;
    case 'log':
      return view.lines;
    case 'markdown':
      return view.text.trim();
    default:
      return view.items;
  }
};

/** Whether a view has neither content nor a word about why: it has nothing to do with what it was asked about. */
export const saysNothing = (view: ViewModel): boolean =>
  contentOf(view).length === 0 && !view.title && !view.note && !view.actions?.length;
