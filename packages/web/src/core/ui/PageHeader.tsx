import type { ReactNode } from 'react';
import classes from './PageHeader.module.css';

type PageHeaderProps = {
  title: string;
  icon?: ReactNode;
  facts?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
};

/** Title, one line that says what the page is, and its action. */
export function PageHeader({ title, icon, facts, description, actions }: PageHeaderProps) {
  return (
    <header className={classes.header}>
      <title>{`${title} · Callboard`}</title>
      <div className={classes.text}>
        <div className={classes.line}>
          <h1 className={classes.title} title={title}>
            {icon}
            <span>{title}</span>
          </h1>
          {facts ? <div className={classes.facts}>{facts}</div> : null}
        </div>
        {description ? <div className={classes.description}>{description}</div> : null}
      </div>
      {actions ? <div className={classes.actions}>{actions}</div> : null}
    </header>
  );
}
