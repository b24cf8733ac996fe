import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { AppLink } from '../../../core/ui/index.ts';
import { nameOf, namespaceOf } from '../entity.ts';
import { KindIcon } from '../parts/KindIcon.tsx';
import { startsQuery } from './api.ts';
import { writeGraphSearch, type GraphSettings } from './settings.ts';
import classes from './Graph.module.css';

/** Chooses what a graph starts from: type, then take one of the links. */
export function EntityPicker({ settings, label }: { settings: GraphSettings; label: string }) {
  const [text, setText] = useState('');
  const term = useDeferredValue(text.trim());
  const { data } = useQuery({ ...startsQuery(term), enabled: term !== '' });
  const found = term === '' ? [] : (data?.items ?? []);
  return (
    <div className={classes.picker}>
      <TextInput
        type="search"
        size="xs"
        aria-label={label}
        placeholder={label}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        leftSection={<IconSearch size="0.875rem" aria-hidden />}
      />
      {term === '' ? null : (
        <ul className={classes.found} aria-label="Found">
          {found.map((entity) => {
            const ref = `${entity.kind}:${namespaceOf(entity)}/${entity.metadata.name}`.toLowerCase();
            return (
              <li key={ref}>
                <AppLink
                  to="/catalog-graph"
                  search={writeGraphSearch({ ...settings, roots: [...new Set([...settings.roots, ref])] })}
                  onClick={() => setText('')}
                >
                  <KindIcon kind={entity.kind} size="0.875rem" />
                  <span>{nameOf(entity)}</span>
                </AppLink>
              </li>
            );
          })}
          {data && found.length === 0 ? <li className={classes.nothing}>Nothing is called that.</li> : null}
        </ul>
      )}
    </div>
  );
}
