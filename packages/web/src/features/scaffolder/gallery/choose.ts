import type { TemplateSummary } from '@callboard/model/http';
import { words } from '../../../core/ui/index.ts';
import type { Gallery } from '../address.ts';

const fold = (text: string) => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();

/** Refs that stand for "my teams'" and "starred". */
export type Personal = { owned: ReadonlySet<string>; starred: ReadonlySet<string> };

/** Tag that Backstage puts first. */
const recommended = 'recommended';

/** Templates that the gallery is narrowed to: the recommended first, then those that are used most. */
export function chooseTemplates(
  templates: readonly TemplateSummary[],
  { text, show, type, owner, tags }: Gallery,
  personal: Personal,
): TemplateSummary[] {
  const asked = fold(text).split(/\s+/).filter(Boolean);
  const found = templates.filter((template) => {
    if (type !== '' && template.type !== type) return false;
    if (owner !== '' && template.owner !== owner) return false;
    if (!tags.every((tag) => template.tags.includes(tag))) return false;
    if (show === 'starred' && !personal.starred.has(template.ref)) return false;
    if (show === 'owned' && !(template.owner && personal.owned.has(template.owner))) return false;
    if (show === 'used' && template.runs === 0) return false;
    const said = fold(
      [template.title, template.name, template.description, template.type, template.ownerLabel, ...template.tags].join(
        ' ',
      ),
    );
    return asked.every((word) => said.includes(word));
  });
  const rank = (template: TemplateSummary) => (template.tags.includes(recommended) ? 0 : 1);
  return found.toSorted(
    (a, b) => rank(a) - rank(b) || b.completed - a.completed || a.title.localeCompare(b.title, 'en'),
  );
}

/** Templates by category; the category of the first template first. */
export function groupsOf(templates: readonly TemplateSummary[]): { title: string; items: TemplateSummary[] }[] {
  const groups = new Map<string, TemplateSummary[]>();
  for (const template of templates) groups.set(template.type, [...(groups.get(template.type) ?? []), template]);
  return [...groups].map(([type, items]) => ({ title: words(type), items }));
}

/** Values to narrow by, with how many templates have them. */
export function valuesOf(said: { value: string; label: string }[]): { value: string; label: string; count: number }[] {
  const found = new Map<string, { value: string; label: string; count: number }>();
  for (const each of said) {
    const known = found.get(each.value);
    if (known) known.count += 1;
    else found.set(each.value, { ...each, count: 1 });
  }
  return [...found.values()].toSorted((a, b) => a.label.localeCompare(b.label));
}
