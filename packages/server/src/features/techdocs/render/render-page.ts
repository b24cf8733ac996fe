import { type MarkdownOptions, renderMarkdown } from '../markdown/index.ts';
import { pageScheme, resolveTarget, type Resolution } from './addresses.ts';
import { fill, type Uncoloured } from './fill.ts';
import { lineOf, lineOfPlantuml } from './line-of.ts';
import type { PreparedSite } from './prepared-site.ts';
import { sanitise } from './sanitise.ts';
import type { RenderAnswer, RenderedPage, RenderTask } from './types.ts';

const strings = (value: unknown) => (Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []);

type Asked = { resolve(target: string): string | undefined; wanted: Set<string> };

/** What the Markdown of a page is rendered with. Snippets that the task does not have are put into `wanted`. */
export const markdownOptions = (
  { settings }: PreparedSite,
  { file, snippets }: Pick<RenderTask, 'file' | 'snippets'>,
  { resolve, wanted }: Asked,
): MarkdownOptions => ({
  profile: settings.profile,
  extensions: settings.extensions,
  path: file,
  resolve(target) {
    const url = resolve(target);
    return url === undefined ? undefined : { url };
  },
  readSnippet(path) {
    const found = snippets[path];
    if (found === undefined) wanted.add(path);
    return found ?? undefined;
  },
  variables: settings.variables,
  drawsPlantuml: settings.plantumlServer !== undefined,
});

/** Renders one page: Markdown, then sanitised, then coloured and drawn. Reads no file and calls no host. */
export async function renderPage(
  site: PreparedSite,
  task: RenderTask,
): Promise<{ answer: RenderAnswer; uncoloured: Uncoloured[] }> {
  const { settings, places } = site;
  const { file } = task;
  const targets: Record<string, string | null> = {};
  const wanted = new Set<string>();
  const known = new Map<string, Resolution>();
  const resolved = (target: string): Resolution => {
    if (known.has(target)) return known.get(target);
    const found = resolveTarget(target, file, places);
    known.set(target, found);
    return found;
  };
  const look = (target: string): string | undefined => {
    const found = resolved(target);
    if (found) targets[target] = 'url' in found ? found.url : null;
    return found && 'url' in found ? found.url : undefined;
  };
  const rendered = renderMarkdown(
    task.text.replace(/^\uFEFF/, ''),
    markdownOptions(site, task, { resolve: look, wanted }),
  );
  const { parts, blocked, hasMermaid } = sanitise(rendered.html, {
    resolve: look,
    frameHosts: settings.frameHosts,
    imageHosts: settings.imageHosts,
    drawsPlantuml: settings.plantumlServer !== undefined,
  });
  // What the configuration names stands with the site, once.
  const notes = rendered.notes.flatMap((note) =>
    note.code === 'DOCS_UNKNOWN_EXTENSION'
      ? []
      : note.code === 'DOCS_PLANTUML_WITHOUT_SERVER'
        ? { ...note, line: lineOfPlantuml(task.text) }
        : note,
  );
  const { html, hasMath, undrawn, uncoloured } = await fill(parts, notes, task, site.isColoured);
  const anchors: RenderedPage['anchors'] = [];
  for (const link of rendered.links) {
    const found = resolved(link.target);
    if (found && 'isBroken' in found)
      notes.push({
        code: link.kind === 'image' ? 'TECHDOCS_IMAGE_MISSING' : 'TECHDOCS_LINK_BROKEN',
        message: `${link.kind === 'image' ? 'The image' : 'The link to'} ${link.target.slice(0, 300)} leads to nothing`,
        fix: 'Correct the target: it starts at the folder of this page.',
        line: link.line,
      });
    else if (found && found.url.startsWith(pageScheme) && found.url.includes('#'))
      anchors.push({ url: found.url, line: link.line });
    else if (link.target.startsWith('#') && link.target.length > 1) anchors.push({ url: link.target, line: link.line });
  }
  for (const { kind, address } of blocked.slice(0, 20))
    notes.push({
      code: kind === 'image' ? 'TECHDOCS_IMAGE_OUTSIDE' : 'TECHDOCS_FRAME_OUTSIDE',
      message: `${address.slice(0, 300)} is shown as a link, because it is on another host`,
      fix:
        kind === 'image'
          ? 'Put the image beside the page, or add its host to techdocs.sanitizer.allowedImageHosts.'
          : 'Add its host to techdocs.sanitizer.allowedIframeHosts if readers may be sent there.',
      line: lineOf(task.text, address),
    });
  const front = rendered.frontMatter;
  const title = rendered.title;
  const page: RenderedPage = {
    html,
    ...(title !== undefined && { title }),
    headings: rendered.headings.map(({ level, id, text }) => ({ level, id, text })),
    sections: rendered.sections,
    notes: notes.slice(0, 500).map((note) => ({ ...note, severity: severityOf(note.code) })),
    tags: [...new Set([...(rendered.tags ?? []), ...strings(front['tags'])])],
    hide: strings(front['hide']),
    ...(typeof front['redirect'] === 'string' && { redirectTo: front['redirect'] }),
    ...(typeof front['description'] === 'string' && { description: front['description'] }),
    words: rendered.sections.reduce((sum, { text }) => sum + wordsOf(text), 0),
    needs: [...(hasMermaid ? (['mermaid'] as const) : []), ...(hasMath ? (['math'] as const) : [])],
    targets,
    anchors,
    snippets: task.snippets,
    ...(uncoloured.length > 0 && { isPlain: true }),
  };
  return { answer: { page, wanted: [...wanted], undrawn }, uncoloured };
}

/** The words of a text in which one blank stands between two of them. */
function wordsOf(text: string): number {
  if (text === '') return 0;
  let count = 1;
  for (let at = text.indexOf(' '); at >= 0; at = text.indexOf(' ', at + 1)) count += 1;
  return count;
}

const severityOf = (code: string) => (/OUTSIDE|PLANTUML/.test(code) ? ('information' as const) : ('warning' as const));
