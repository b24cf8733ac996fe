import type { DocsSiteResponse } from '@callboard/model/http';
import classes from './Reader.module.css';

/** A site that was built elsewhere, in a frame that can do nothing to the portal. */
export function StaticSite({ site, path }: { site: DocsSiteResponse; path: string }) {
  const below = path === '' ? 'index.html' : `${path.split('/').map(encodeURIComponent).join('/')}/index.html`;
  const address = path === '' && site.frameUrl !== undefined ? site.frameUrl : `${site.filesUrl}${below}`;
  return (
    <>
      <title>{`${site.title} · Callboard`}</title>
      <iframe
        className={classes.frame}
        src={address}
        title={site.title}
        sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox allow-downloads"
      />
    </>
  );
}
