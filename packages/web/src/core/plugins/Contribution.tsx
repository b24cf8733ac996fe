import type { WebPlugin } from '@callboard/model/http';
import { Component, type ComponentType, lazy, type ReactNode, Suspense, use } from 'react';
import { ApiError } from '../api/index.ts';
import { ErrorState, SkeletonRows } from '../ui/index.ts';
import classes from './Contribution.module.css';
import { PluginContext } from './context.ts';
import { leftBehind, loadModule } from './load.ts';
import { nameOfPart, type Part } from './part.ts';
import { PluginLoadError } from './shared-fault.ts';

type PartProps = { plugin: WebPlugin; part: Part; props?: object };

const ViewPart = lazy(() => import('./views/ViewPart.tsx').then((module) => ({ default: module.ViewPart })));
const FramePart = lazy(() => import('./frame/FramePart.tsx').then((module) => ({ default: module.FramePart })));

/** The error of a plugin's part, with what to do: of all it knows, the portal answers for the part being the plugin's. */
const explained = (error: unknown): Error => {
  if (error instanceof ApiError) return error;
  const fix =
    error instanceof PluginLoadError
      ? error.fix
      : 'The rest of the page is not touched. If it stays, tell whoever runs the portal: Admin → Plugins can go back to an earlier version.';
  const message = error instanceof Error ? error.message : String(error);
  return new ApiError({ status: 0, code: 'PLUGIN_PART_FAILED', message: message || 'It failed without a word.', fix });
};

type BoundaryProps = { name: string; children: ReactNode };

/** Holds the failure of one part back from the rest of the page. */
class Boundary extends Component<BoundaryProps, { failure?: { error: unknown } }> {
  override state: { failure?: { error: unknown } } = {};
  static getDerivedStateFromError(error: unknown) {
    return { failure: { error } };
  }
  override render() {
    const { failure } = this.state;
    if (!failure) return this.props.children;
    return (
      <ErrorState
        error={explained(failure.error)}
        what={`${this.props.name} failed`}
        onRetry={() => this.setState({ failure: undefined })}
      />
    );
  }
}

/** A component of the plugin's own, in this page. */
function Own({ plugin, part, props }: PartProps) {
  const module = use(loadModule(plugin));
  const Exported = module[part.component!] as ComponentType<object> | undefined;
  if (typeof Exported !== 'function' && typeof Exported !== 'object')
    throw new PluginLoadError(
      `Its web entry exports nothing that is called ${part.component}. It exports ${Object.keys(module).join(', ') || 'nothing'}.`,
      'Tell its authors, or go back to an earlier version in Admin → Plugins.',
    );
  return <Exported {...props} />;
}

function Content({ plugin, part, props }: PartProps) {
  if (part.view !== undefined) {
    const { entityRef } = (props ?? {}) as { entityRef?: string };
    return <ViewPart plugin={plugin} view={part.view} entityRef={entityRef} isCard={part.kind === 'card'} />;
  }
  if (part.component === undefined)
    throw new PluginLoadError('Its manifest names neither a view nor a component.', 'Tell its authors.');
  if (plugin.web?.isolation === 'iframe') return <FramePart plugin={plugin} part={part} props={props ?? {}} />;
  return <Own plugin={plugin} part={part} props={props} />;
}

/** What an earlier version has left in this page cannot be taken back but by loading the page anew. */
function LeftBehind({ plugin }: { plugin: WebPlugin }) {
  const others = leftBehind(plugin);
  if (others.length === 0) return null;
  return (
    <p className={classes.left} role="status">
      {plugin.title} is {plugin.version} now; {others.join(', ')} has run in this page before.{' '}
      <button type="button" onClick={() => location.reload()}>
        Load the page anew
      </button>{' '}
      to be rid of it.
    </p>
  );
}

/**
 * Draws what a plugin adds to a page. Its failure stays in its place and says whose it is; its own box is all that it can paint on, unless it
 * reaches for the document itself.
 */
export function Contribution({ plugin, part, props = {} }: PartProps) {
  const name = nameOfPart(plugin, part);
  const small =
    part.kind === 'card' || part.kind === 'widget' || part.kind === 'search result' || part.kind === 'field';
  const content = (
    <Boundary key={`${plugin.version} ${part.id}`} name={name}>
      <PluginContext value={plugin}>
        <Suspense fallback={<SkeletonRows rows={small ? 2 : 8} label={`Loading ${part.title}`} />}>
          <Content plugin={plugin} part={part} props={props} />
        </Suspense>
      </PluginContext>
    </Boundary>
  );
  return (
    <div className={classes.part} data-plugin={plugin.id} data-version={plugin.version}>
      {part.kind === 'page' || part.kind === 'tab' ? <LeftBehind plugin={plugin} /> : null}
      {content}
    </div>
  );
}
