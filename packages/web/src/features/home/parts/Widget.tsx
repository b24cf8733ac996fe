import type { ReactNode } from 'react';
import classes from './Widget.module.css';

type WidgetProps = { title: string; figure?: string | undefined; aside?: ReactNode; children: ReactNode };

/** A titled part of the home page. */
export function Widget({ title, figure, aside, children }: WidgetProps) {
  return (
    <section className={classes.widget} aria-label={title}>
      <div className={classes.head}>
        <h2>
          {title}
          {figure ? <span className={classes.figure}>{figure}</span> : null}
        </h2>
        {aside ? <div className={classes.aside}>{aside}</div> : null}
      </div>
      {children}
    </section>
  );
}

/** Why there is nothing in a widget, in one line. */
export const Nothing = ({ children }: { children: ReactNode }) => <p className={classes.nothing}>{children}</p>;
