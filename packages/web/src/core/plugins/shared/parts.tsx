import type { ViewModel } from '@callboard/model/plugins';
import type { Drawn, PluginWeb } from '@callboard/plugin-api/web';
import { AppLink, EmptyState, ErrorState, RelativeTime, SkeletonRows, Status as Shape } from '../../ui/index.ts';
import { usePluginHere } from '../context.ts';
import { pathOfEntity } from '../views/Anchor.tsx';
import { Drawing as DrawnView } from '../views/Drawing.tsx';
import { ViewPart } from '../views/ViewPart.tsx';

export const Link: PluginWeb['Link'] = ({ to, children }) => {
  const [, address = to, hash] = /^([^#]*)(?:#(.*))?$/.exec(to) ?? [];
  return (
    <AppLink to={address} {...(hash && { hash })}>
      {children}
    </AppLink>
  );
};

export const EntityLink: PluginWeb['EntityLink'] = ({ entityRef }) => {
  const to = pathOfEntity(entityRef);
  const name = entityRef.replace(/^.*[/:]/, '');
  return to === undefined ? <>{entityRef}</> : <AppLink to={to}>{name}</AppLink>;
};

export const Panel: PluginWeb['Panel'] = ({ title, children }: { title: string; children?: Drawn }) => (
  <section aria-label={title}>
    <h2>{title}</h2>
    {children}
  </section>
);

export const Status: PluginWeb['Status'] = ({ level, label }) => <Shape level={level} label={label} />;
export const Since: PluginWeb['Since'] = ({ at }) => <RelativeTime at={at} />;
export const Loading: PluginWeb['Loading'] = ({ rows = 4, label = 'Loading' }) => (
  <SkeletonRows rows={rows} label={label} />
);
export const Empty: PluginWeb['Empty'] = ({ title, children }) => <EmptyState title={title}>{children}</EmptyState>;
export const Failure: PluginWeb['Failure'] = ({ error, what, again }) => (
  <ErrorState error={error} what={what} {...(again && { onRetry: again })} />
);

export const View: PluginWeb['View'] = ({ id, entityRef }) => (
  <ViewPart plugin={usePluginHere()} view={id} entityRef={entityRef} />
);
export const Drawing: PluginWeb['Drawing'] = ({ view }: { view: ViewModel }) => <DrawnView view={view} />;
