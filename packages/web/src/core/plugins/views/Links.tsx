import type { LinksView } from '@callboard/model/plugins';
import { pluginIcon } from '../icons.ts';
import { Anchor } from './Anchor.tsx';
import classes from './views.module.css';

/** Places to go. */
export function Links({ view }: { view: LinksView }) {
  if (view.items.length === 0) return <p className={classes.note}>There are no links.</p>;
  return (
    <ul className={classes.links}>
      {view.items.map(({ title, href, description, icon }, index) => {
        const Icon = pluginIcon(icon ?? 'link');
        return (
          <li key={index}>
            <Icon size="1rem" stroke={1.6} aria-hidden />
            <span>
              <Anchor href={href}>{title}</Anchor>
              {description ? <span className={classes.detail}>{description}</span> : null}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
