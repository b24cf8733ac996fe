import { Button, TextInput } from '@mantine/core';
import { IconLink, IconTrash } from '@tabler/icons-react';
import { useLocation } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { parseSearch } from '../../../core/router/index.ts';
import { useSavedViews } from '../../../core/session/index.ts';
import { AppLink, copyText, smallIconButton } from '../../../core/ui/index.ts';
import classes from './panel.module.css';

/** Lists that this person has kept, and the way to keep or send the one on the screen. */
export function ViewsPanel() {
  const { pathname, searchStr } = useLocation();
  const { views, ready, save, remove } = useSavedViews();
  const [name, setName] = useState('');
  const [said, setSaid] = useState('');
  const here = pathname + searchStr;
  const mine = views.filter(({ path }) => path.split('?')[0] === pathname);
  const keep = (event: FormEvent) => {
    event.preventDefault();
    const trimmed = name.trim();
    if (trimmed === '') return;
    save(trimmed, here);
    setName('');
    setSaid(`Saved as ${trimmed}`);
  };
  const copyLink = (path: string) =>
    void copyText(location.origin + path).then(
      () => setSaid('Link copied'),
      () => setSaid('The browser did not let us copy'),
    );
  return (
    <>
      <section className={classes.part}>
        <h2 className={classes.title}>Saved views</h2>
        {mine.length === 0 ? (
          <p className={classes.note}>{ready ? 'None yet: save this list under a name.' : 'Loading'}</p>
        ) : (
          <ul>
            {mine.map((view) => (
              <li key={view.id} className={classes.line}>
                <AppLink
                  to={pathname}
                  search={parseSearch(view.path.split('?')[1] ?? '')}
                  current={view.path === here ? 'true' : undefined}
                >
                  <span className={classes.grow}>{view.name}</span>
                </AppLink>
                <button
                  type="button"
                  className={`${smallIconButton} ${classes.icon}`}
                  aria-label={`Copy the link to ${view.name}`}
                  title="Copy the link"
                  onClick={() => copyLink(view.path)}
                >
                  <IconLink size="0.875rem" aria-hidden />
                </button>
                <button
                  type="button"
                  className={`${smallIconButton} ${classes.icon}`}
                  aria-label={`Remove the view ${view.name}`}
                  title="Remove"
                  onClick={() => remove(view.id)}
                >
                  <IconTrash size="0.875rem" aria-hidden />
                </button>
              </li>
            ))}
          </ul>
        )}
      </section>
      <section className={classes.part}>
        <form className={classes.form} onSubmit={keep}>
          <TextInput
            size="xs"
            label="Save this list as"
            description="Filters, order, groups and columns, for you only"
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" size="xs" disabled={name.trim() === ''}>
            Save
          </Button>
        </form>
        <div className={classes.buttons}>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconLink size="0.875rem" aria-hidden />}
            onClick={() => copyLink(here)}
          >
            Copy a link to this list
          </Button>
        </div>
        <p className={classes.note} role="status">
          {said}
        </p>
      </section>
    </>
  );
}
