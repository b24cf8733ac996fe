import { expect, test } from 'vitest';
import { messageOf } from './problem-message.ts';

test('a message says what, where, how to mend it, and where to go', () => {
  const problem = {
    id: 7,
    sourceId: 1,
    code: 'X',
    severity: 'error' as const,
    message: 'The owner is empty.',
    fix: 'Name a group.',
    location: 'file:/srv/shop/catalog-info.yaml',
    line: 8,
    entityRef: 'component:default/cart',
    firstSeenAt: '2026-01-01T00:00:00.000Z',
  };
  expect(messageOf(problem, 'https://portal/catalog-edit?problem=7', '> 8 |   owner: ""'))
    .toBe(`**Error in \`component:default/cart\`:** The owner is empty.

Where: \`/srv/shop/catalog-info.yaml:8\`

\`\`\`yaml
> 8 |   owner: ""
\`\`\`

Fix: Name a group.
Mend it: https://portal/catalog-edit?problem=7
`);
});
