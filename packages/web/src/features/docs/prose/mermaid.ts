import type { MermaidConfig } from 'mermaid';
import { element } from './element.ts';

const colours = (dark: boolean) =>
  dark
    ? {
        background: '#14171b',
        edgeLabelBackground: '#14171b',
        mainBkg: '#1d2a2e',
        primaryColor: '#1d2a2e',
        primaryTextColor: '#dbe0e5',
        primaryBorderColor: '#4cc2b4',
        lineColor: '#9aa5b0',
        secondaryColor: '#2a3138',
        tertiaryColor: '#1d2228',
        noteBkgColor: '#4a4013',
        noteTextColor: '#dbe0e5',
      }
    : {
        background: '#ffffff',
        edgeLabelBackground: '#ffffff',
        mainBkg: '#e3f3f1',
        primaryColor: '#e3f3f1',
        primaryTextColor: '#1b2229',
        primaryBorderColor: '#0b6e69',
        lineColor: '#56616d',
        secondaryColor: '#f0f3f5',
        tertiaryColor: '#f6f8f9',
        noteBkgColor: '#fff2b8',
        noteTextColor: '#1b2229',
      };

/** An author may choose colours of a diagram, but neither how safe it is nor styles of the page. */
const settings = (dark: boolean): MermaidConfig => ({
  startOnLoad: false,
  securityLevel: 'strict',
  suppressErrorRendering: true,
  maxTextSize: 50_000,
  maxEdges: 1000,
  theme: 'base',
  darkMode: dark,
  themeVariables: {
    ...colours(dark),
    darkMode: dark,
    useGradient: false,
    dropShadow: 'none',
    fontFamily: 'system-ui, sans-serif',
    fontSize: '14px',
  },
  fontFamily: 'system-ui, sans-serif',
  secure: [
    'secure',
    'securityLevel',
    'startOnLoad',
    'maxTextSize',
    'maxEdges',
    'suppressErrorRendering',
    'themeCSS',
    'fontFamily',
    'altFontFamily',
    'dompurifyConfig',
    'htmlLabels',
  ],
});

let made = 0;
/** Mermaid keeps its settings in one place: one diagram after the other. */
let line: Promise<unknown> = Promise.resolve();

async function draw(source: string, dark: boolean): Promise<string> {
  const { default: mermaid } = await import('mermaid');
  mermaid.initialize(settings(dark));
  made += 1;
  const stage = element('div', { class: 'docs-stage', 'aria-hidden': 'true' });
  document.body.append(stage);
  try {
    return (await mermaid.render(`docs-diagram-${made}`, source, stage)).svg;
  } finally {
    stage.remove();
  }
}

/** Draws the diagrams of a page; each has a tree of its own, so that its styles and names stay within. */
export function drawDiagrams(root: HTMLElement, dark: boolean): () => void {
  let stopped = false;
  for (const pre of root.querySelectorAll<HTMLElement>('pre.mermaid')) {
    const source = pre.textContent.trim();
    const known = pre.nextElementSibling;
    const frame =
      known instanceof HTMLElement && known.classList.contains('diagram')
        ? known
        : element('div', { class: 'diagram' });
    if (frame !== known) pre.after(frame);
    frame.dataset['state'] ??= 'drawing';
    const task = line.then(async () => {
      if (stopped) return;
      try {
        const svg = await draw(source, dark);
        if (stopped) return;
        const host = element('div', { class: 'diagram-host' });
        host.attachShadow({
          mode: 'open',
        }).innerHTML = `<style>svg{max-width:100%;height:auto;display:block;margin:auto}</style>${svg}`;
        const drawing = host.shadowRoot!.querySelector('svg');
        const title = /^\s*(?:%%.*\n|---[\s\S]*?---\n)*\s*([\w-]+)/.exec(source)?.[1] ?? 'diagram';
        drawing?.setAttribute('role', 'img');
        if (drawing && !drawing.hasAttribute('aria-labelledby')) drawing.ariaLabel = `Diagram: ${title}`;
        frame.replaceChildren(host, sourceOf(source));
        frame.dataset['state'] = 'drawn';
        pre.hidden = true;
      } catch (error) {
        if (stopped) return;
        const reason = String((error as Error).message ?? error).slice(0, 400);
        frame.replaceChildren(
          element('p', { class: 'diagram-note' }, 'This diagram cannot be drawn: ', element('code', {}, reason)),
        );
        frame.dataset['state'] = 'failed';
        pre.hidden = false;
      }
    });
    line = task.catch(() => undefined);
  }
  return () => {
    stopped = true;
  };
}

const sourceOf = (source: string) =>
  element(
    'details',
    { class: 'diagram-source' },
    element('summary', {}, 'Source'),
    element('pre', {}, element('code', {}, source)),
  );
