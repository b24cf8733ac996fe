import type { DocsSiteResponse } from '@callboard/model/http';
import { useLocation } from '@tanstack/react-router';
import { useState } from 'react';
import classes from './Reader.module.css';

/** A site that was built elsewhere, in a frame that can do nothing to the portal. */
export function StaticSite({ site, path }: { site: DocsSiteResponse; path: string }) {
  const anchor = useLocation({ select: ({ hash }) => (hash === '' ? '' : `#${hash}`) });
  // The addresses of a new answer may differ: whoever reads stays where they are.
  const [files] = useState((site.frameUrl ?? site.filesUrl).replace(/index\.html$/, ''));
  const page = path.split('/').map(encodeURIComponent).join('/');
  const below = path === '' ? 'index.html' : /\.html?$/.test(path) ? page : `${page}/`;
  return (
    <>
      <title>{`${site.title} · Callboard`}</title>
      <iframe
        className={classes.frame}
        src={`${files}${below}${anchor}`}
        title={site.title}
        sandbox="allow-scripts allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads"
      />
    </>
  );
}
