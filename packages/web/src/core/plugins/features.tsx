import type { WebPlugin } from '@callboard/model/http';
import { conditionHolds } from '@callboard/model/plugins/rules';
import type { Feature } from '../router/index.ts';
import { ColumnCell } from './ColumnCell.tsx';
import { Checks } from './Checks.tsx';
import { Contribution } from './Contribution.tsx';
import { pluginIcon } from './icons.ts';
import { pathOfPage } from './page-path.ts';
import type { Part } from './part.ts';

export { keepStyles } from './load.ts';

/** What a plugin adds, in the words in which features of the portal say it. Its tabs, cards and widgets are called `plugin:id`. */
export function featureOf(plugin: WebPlugin): Feature {
  const {
    pages,
    navigation,
    tabs,
    cards,
    widgets,
    adminPages,
    searchResults,
    fields,
    columns = [],
  } = plugin.contributes;
  // A check is a column too, unless the plugin has one of that name for it.
  const checks = (plugin.contributes.checks ?? []).filter(({ id }) => !columns.some((column) => column.id === id));
  const named = (id: string) => `${plugin.id}:${id}`;
  const drawn = (part: Part) =>
    function PluginPart(props: object) {
      return <Contribution plugin={plugin} part={part} props={props} />;
    };
  return {
    name: `plugin ${plugin.id}`,
    routes: () => [],
    navigation: (navigation ?? []).flatMap(({ title, icon, page }) => {
      const found = pages?.find(({ id }) => id === page);
      if (!found) return [];
      return [{ label: title, to: pathOfPage(plugin.id, found), icon: pluginIcon(icon), group: 'work' as const }];
    }),
    entityTabs: (tabs ?? []).map((tab) => ({
      id: named(tab.id),
      label: tab.title,
      when: (entity) => conditionHolds(tab.when, entity),
      component: drawn({ kind: 'tab', ...tab }),
    })),
    entityCards: (cards ?? []).map((card) => ({
      id: named(card.id),
      title: card.title,
      when: (entity) => conditionHolds(card.when, entity),
      component: drawn({ kind: 'card', ...card }),
    })),
    entityColumns: [...columns, ...checks].map(({ id, title, description, when }) => ({
      id: named(id),
      title,
      description,
      from: plugin.title,
      kinds: when?.kind?.map((kind) => kind.toLowerCase()),
      cell: function PluginCell({ entity, entityRef }) {
        // Rows come without annotations; whether those are there, the portal finds out.
        const isMeant = conditionHolds({ ...when, annotations: undefined }, entity);
        return isMeant ? <ColumnCell plugin={plugin} column={id} entityRef={entityRef} /> : null;
      },
    })),
    widgets: (widgets ?? []).map((widget) => ({
      name: named(widget.id),
      title: widget.title,
      component: drawn({ kind: 'widget', ...widget }),
    })),
    adminPages: (adminPages ?? []).map(({ id, title }) => ({
      to: `/admin/plugins/${plugin.id}/pages/${id}`,
      label: title,
    })),
    searchResults: (searchResults ?? []).map((result) => ({
      type: result.type,
      component: drawn({ kind: 'search result', ...result }),
    })),
    // An answer cannot be given out of a frame.
    formFields: (plugin.web?.isolation === 'iframe' ? [] : (fields ?? [])).map((field) => ({
      from: plugin.id,
      name: field.id,
      component: drawn({ kind: 'field', ...field }),
    })),
  };
}

/** The card of what the checks of all plugins say, where any has one. */
export function checksOf(plugins: readonly WebPlugin[]): Feature[] {
  const checks = plugins.flatMap(({ contributes }) => contributes.checks ?? []);
  if (checks.length === 0) return [];
  const when = (entity: Parameters<typeof conditionHolds>[1]) =>
    checks.some((check) => conditionHolds(check.when, entity));
  return [
    {
      name: 'checks of plugins',
      routes: () => [],
      navigation: [],
      entityCards: [{ id: 'checks', title: 'Checks', when, component: Checks }],
    },
  ];
}
