import type { Problem } from '@callboard/model';
import { Button } from '@mantine/core';
import { IconDownload, IconTextWrap } from '@tabler/icons-react';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Copyable, count } from '../../../core/ui/index.ts';
import type { Language } from '../highlight.ts';
import { Line } from './CodeBlock.tsx';
import classes from './TextView.module.css';

const lineHeight = 20;

const endings: Record<Language, string> = {
  yaml: 'yaml',
  json: 'json',
  graphql: 'graphql',
  proto: 'proto',
  typescript: 'ts',
  shell: 'sh',
  text: 'txt',
};

function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

type TextViewProps = {
  name: string;
  text: string;
  language: Language;
  line?: number | undefined;
  problems?: Problem[];
};

/** A text with line numbers and colours. Only the lines in view exist: a text of 300,000 lines opens like one of ten. */
export function TextView({ name, text, language, line, problems = [] }: TextViewProps) {
  const lines = useMemo(() => text.replace(/\n$/, '').split('\n'), [text]);
  const [wrap, setWrap] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => setTop((list.current?.getBoundingClientRect().top ?? 0) + window.scrollY), []);
  const virtualizer = useWindowVirtualizer({
    count: lines.length,
    estimateSize: () => lineHeight,
    overscan: 40,
    scrollMargin: top,
  });
  useEffect(() => {
    if (line === undefined) return;
    // The router puts the page to its place first.
    const timer = setTimeout(() => virtualizer.scrollToIndex(line - 1, { align: 'center' }), 50);
    return () => clearTimeout(timer);
  }, [line, virtualizer]);
  const marked = useMemo(() => new Set(problems.map((problem) => problem.line)), [problems]);
  // Lines that do not wrap are as wide as the longest, so that the box does not jump while one scrolls.
  const width = useMemo(() => lines.reduce((most, each) => Math.max(most, each.length), 0), [lines]);
  return (
    <section className={classes.view} aria-label="Definition">
      <div className={classes.bar}>
        <span className={classes.size}>{count(lines.length, 'line')}</span>
        <Copyable text={text} label="Copy the definition">
          <span className={classes.size}>Copy</span>
        </Copyable>
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<IconDownload size="0.875rem" />}
          onClick={() => download(`${name}.${endings[language]}`, text)}
        >
          Download
        </Button>
        <Button
          size="compact-xs"
          variant={wrap ? 'light' : 'subtle'}
          aria-pressed={wrap}
          leftSection={<IconTextWrap size="0.875rem" />}
          onClick={() => setWrap(!wrap)}
        >
          Wrap
        </Button>
      </div>
      {/* A region that scrolls must be reachable by the keyboard. */}
      <div ref={list} className={classes.text} tabIndex={0} role="region" aria-label="Text of the definition">
        <pre
          style={{ height: virtualizer.getTotalSize(), minWidth: wrap ? undefined : `${Math.min(width, 4000) + 8}ch` }}
        >
          {virtualizer.getVirtualItems().map(({ index, start }) => (
            <span
              key={index}
              ref={wrap ? virtualizer.measureElement : undefined}
              data-index={index}
              className={classes.line}
              data-wrap={wrap}
              data-marked={marked.has(index + 1) || line === index + 1 ? true : undefined}
              style={{ transform: `translateY(${start - top}px)` }}
            >
              <span className={classes.number}>{index + 1}</span>
              <code>
                <Line text={lines[index] ?? ''} language={language} />
              </code>
            </span>
          ))}
        </pre>
      </div>
    </section>
  );
}
