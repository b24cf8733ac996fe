import { Worker } from 'node:worker_threads';
import type { RenderAnswer, RenderedPage, RenderTask, SiteSettings } from './types.ts';
import { escapeText } from './escape.ts';

export type RendererOptions = {
  /** a page that takes longer is given up and shown as text */
  deadlineMs?: number;
  /** MiB that a page may need */
  memory?: number;
  /** MiB for what is made and forgotten again; more of it is faster, where nobody minds the memory */
  youngMemory?: number;
  /** the thread ends after this time without work */
  idleMs?: number;
};

/** A thread that renders pages, one at a time, so that none can hold up the portal. */
export type Renderer = {
  /** Never rejects because of the page: one that cannot be rendered says so. */
  render(site: SiteSettings, task: Omit<RenderTask, 'site'>): Promise<RenderAnswer>;
  /** Starts the thread, so that it is there when the first page is asked for, or keeps it a little longer. */
  warm(): void;
  close(): Promise<void>;
};

/** So long a thread is kept that nobody has needed yet. */
const warmMs = 15_000;

type Message = { id: number; answer?: RenderAnswer; failure?: string; unknown?: true };

const shownCharacters = 200_000;

/** A page that shows its text and why there is no more. */
export function plainPage(text: string, note: { code: string; message: string; fix: string }): RenderedPage {
  const shown = text.slice(0, shownCharacters);
  return {
    html: `<pre><code>${escapeText(shown)}</code></pre>`,
    headings: [],
    sections: [],
    notes: [{ ...note, severity: 'error', line: 1 }],
    tags: [],
    hide: [],
    words: 0,
    needs: [],
    targets: {},
    anchors: [],
    snippets: {},
  };
}

const givenUp = (text: string, message: string): RenderAnswer => ({
  page: plainPage(text, {
    code: 'TECHDOCS_PAGE_GIVEN_UP',
    message,
    fix: 'Make the page smaller or simpler. Its text is shown as it is.',
  }),
  wanted: [],
  undrawn: [],
});

/** Starts the thread when there is work. */
export function createRenderer({
  deadlineMs = 10_000,
  memory = 512,
  youngMemory,
  idleMs = 10_000,
}: RendererOptions = {}): Renderer {
  let thread: Worker | undefined;
  let known = new Set<string>();
  let idle: NodeJS.Timeout | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  let isClosed = false;
  let hasRendered = false;
  let count = 0;

  const rest = (time: number) => {
    clearTimeout(idle);
    idle = setTimeout(() => {
      void thread?.terminate();
      thread = undefined;
    }, time);
    idle.unref();
  };

  function start(): Worker {
    known = new Set();
    hasRendered = false;
    const worker = new Worker(new URL('./render-worker.ts', import.meta.url), {
      resourceLimits: {
        maxOldGenerationSizeMb: memory,
        stackSizeMb: 8,
        ...(youngMemory !== undefined && { maxYoungGenerationSizeMb: youngMemory }),
      },
    });
    worker.unref();
    // A thread may also end between two pages.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      if (thread === worker) thread = undefined;
    });
    return worker;
  }

  const renderOne = (site: SiteSettings, task: Omit<RenderTask, 'site'>) =>
    new Promise<RenderAnswer>((resolve) => {
      clearTimeout(idle);
      if (isClosed) return resolve(givenUp(task.text, 'The portal is stopping.'));
      const worker = (thread ??= start());
      hasRendered = true;
      const id = (count += 1);
      const done = (result: RenderAnswer) => {
        clearTimeout(timer);
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        resolve(result);
        if (thread) rest(idleMs);
      };
      const giveUp = (message: string) => {
        thread = undefined;
        done(givenUp(task.text, message));
        void worker.terminate();
      };
      const send = (withSite: boolean) => {
        known.add(site.key);
        worker.postMessage({ id, ...(withSite && { site }), task: { ...task, site: site.key } });
      };
      const timer = setTimeout(() => giveUp(`Rendering the page took longer than ${deadlineMs / 1000} s.`), deadlineMs);
      const onMessage = (message: Message) => {
        if (message.id !== id) return;
        if (message.unknown) send(true);
        else if (message.answer) done(message.answer);
        else done(givenUp(task.text, `The page could not be rendered: ${message.failure}.`));
      };
      const onError = (error: Error) => giveUp(`Rendering the page ended its thread: ${error.message}.`);
      const onExit = () => giveUp('Rendering the page ended its thread.');
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      send(!known.has(site.key));
    });

  return {
    render(site, task) {
      const result = queue.then(() => renderOne(site, task));
      queue = result;
      return result;
    },
    warm() {
      if (isClosed || (thread && hasRendered)) return;
      thread ??= start();
      rest(Math.min(idleMs, warmMs));
    },
    async close() {
      isClosed = true;
      clearTimeout(idle);
      await thread?.terminate();
    },
  };
}
