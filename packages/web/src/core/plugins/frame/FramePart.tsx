import type { Entity } from '@callboard/model';
import type { WebPlugin } from '@callboard/model/http';
import { useComputedColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { ApiError, readText, request } from '../../api/index.ts';
import { ErrorState, SkeletonRows } from '../../ui/index.ts';
import { readView } from '../api.ts';
import { goTo } from '../go.ts';
import { nameOfPart, type Part } from '../part.ts';
import { addressOfRoute } from '../plugin-api.ts';
import classes from './FramePart.module.css';

type Given = { entity?: Entity; entityRef?: string; path?: string };
type FramePartProps = { plugin: WebPlugin; part: Part; props: Given };
type Asked = { type: 'ask'; id: number; what: string; input: Record<string, unknown> };
type Said =
  | { type: 'ready' }
  | { type: 'failed'; message: string }
  | { type: 'height' | 'drawn'; height: number }
  | Asked;

const mostHigh = 6000;
const methods = ['GET', 'POST', 'PUT', 'DELETE'] as const;

/**
 * A plugin's part in a frame that has an origin of its own: it sees neither this page nor the session, reaches no network, and asks the portal
 * for everything by messages. What it asks for goes no further than its own routes and views.
 */
export function FramePart({ plugin, part, props }: FramePartProps) {
  const web = plugin.web!;
  const frame = useRef<HTMLIFrameElement>(null);
  const router = useRouter();
  const theme = useComputedColorScheme('light');
  const [height, setHeight] = useState(0);
  const [failure, setFailure] = useState<string>();
  const given = useRef({ ...props, theme });
  useEffect(() => {
    given.current = { ...props, theme };
  }, [props, theme]);
  const { data: code, error } = useQuery({
    queryKey: ['plugin-code', web.url],
    queryFn: async ({ signal }) => {
      const sheets = Object.entries(web.styles).map(([url, integrity]) => readText(url, { integrity, signal }));
      const entry = readText(web.url, { integrity: web.integrity, signal });
      return { entry: await entry, styles: (await Promise.all(sheets)).join('\n') };
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

  useEffect(() => {
    if (code === undefined) return;
    const say = (message: object) => frame.current?.contentWindow?.postMessage(message, '*');
    const does: Record<string, (input: Record<string, unknown>) => unknown> = {
      api({ method, path, body }) {
        const verb = methods.find((each) => each === method);
        if (!verb) throw new Error(`${String(method)} is no way to call a route`);
        return request(addressOfRoute(plugin.id, String(path)), { method: verb, body });
      },
      view: async ({ id }) => (await readView(plugin.id, String(id), { entityRef: given.current.entityRef })).view,
      go: ({ address }) => goTo(router, String(address)),
    };
    const answer = async ({ id, what, input }: Asked) => {
      try {
        const run = Object.hasOwn(does, what) ? does[what]! : undefined;
        if (!run) throw new Error(`The portal does not know “${what}”`);
        say({ type: 'answer', id, value: (await run(input)) ?? null });
      } catch (fault) {
        const { message, status, code: word, fix } = fault as ApiError;
        say({ type: 'answer', id, failure: { message, status, code: word, fix } });
      }
    };
    const heard = ({ source, data }: MessageEvent<Said>) => {
      if (source === null || source !== frame.current?.contentWindow) return;
      if (data.type === 'ready') {
        const { id, title, version } = plugin;
        const { entity, entityRef, path = '', theme: shown } = given.current;
        const contribution = { kind: part.kind, id: part.id };
        const { component } = part;
        const host = {
          plugin: { id, title, version },
          contribution,
          entity,
          entityRef,
          path,
          theme: shown,
        };
        say({ type: 'start', code: code.entry, styles: code.styles, component, ...host });
      } else if (data.type === 'failed') setFailure(String(data.message));
      else if (data.type === 'ask') void answer(data);
      else setHeight(Math.min(mostHigh, Math.max(0, Number(data.height) || 0)));
    };
    window.addEventListener('message', heard);
    return () => window.removeEventListener('message', heard);
  }, [code, plugin, part, router]);
  useEffect(() => frame.current?.contentWindow?.postMessage({ type: 'theme', theme }, '*'), [theme]);

  const broken =
    failure === undefined
      ? error
      : new ApiError({
          status: 0,
          code: 'PLUGIN_PART_FAILED',
          message: failure,
          fix: 'The rest of the page is not touched. Admin → Plugins can go back to an earlier version.',
        });
  if (broken) return <ErrorState error={broken} what={`${nameOfPart(plugin, part)} failed`} />;
  if (code === undefined) return <SkeletonRows rows={2} label={`Loading ${part.title}`} />;
  return (
    <iframe
      ref={frame}
      key={`${web.url} ${props.entityRef ?? ''} ${props.path ?? ''}`}
      className={classes.frame}
      title={`${part.title}, by ${plugin.title}`}
      src="/plugin-frame.html"
      sandbox="allow-scripts"
      referrerPolicy="no-referrer"
      style={{ height: `${height}px` }}
    />
  );
}
