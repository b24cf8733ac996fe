import { expect, it } from 'vitest';
import { pathThrough, toSvg } from './svg.ts';

const colours = {
  page: '#fff',
  text: '#111',
  dimmed: '#555',
  border: '#ddd',
  strong: '#888',
  accent: '#066',
  warning: '#850',
  sunken: '#f6f6f6',
};

it('writes a file that stands alone, whatever names hold', () => {
  const svg = toSvg({
    title: 'Around <shop> & "co"\u0001',
    width: 300.2,
    height: 80,
    colours,
    nodes: [
      { x: 0, y: 0, width: 200, height: 44, label: 'a'.repeat(60), detail: 'service', look: 'root' },
      {
        x: 210,
        y: 0,
        width: 80,
        height: 44,
        label: 'gone',
        detail: 'missing',
        look: 'missing',
        icon: '<svg><path d="M0 0"/></svg>',
      },
    ],
    edges: [{ path: 'M0,0 L1,1', label: 'depends on', at: { x: 1, y: 1 } }],
  });
  expect(svg).toContain('<title>Around &lt;shop&gt; &amp; &quot;co&quot;</title>');
  expect(svg).toContain('width="301" height="80" viewBox="0 0 301 80"');
  expect(svg).toContain(`>${'a'.repeat(23)}…</text>`);
  expect(svg).toContain('stroke="#850" stroke-width="1" stroke-dasharray="4 3"');
  expect(svg).not.toMatch(/var\(|class=|href=/);
});

it('leaves and arrives in the direction of the layout', () => {
  expect(pathThrough([], true)).toBe('');
  const points = [
    { x: 0, y: 0 },
    { x: 10, y: 4 },
    { x: 30, y: 4 },
  ];
  expect(pathThrough(points, true)).toBe('M0,0 C5,0 5,4 10,4 C20,4 20,4 30,4');
  expect(pathThrough(points.slice(0, 2), false)).toBe('M0,0 C0,2 10,2 10,4');
});
