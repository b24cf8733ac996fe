import { expect, it } from 'vitest';
import { isOneOf } from './restriction.ts';

it('asks for many references in few lists', () => {
  expect(isOneOf(['component:default/a', 'api:default/a', 'component:default/b', 'component:sea/a'])).toEqual({
    $any: [
      { kind: 'component', 'metadata.namespace': 'default', 'metadata.name': { $in: ['a', 'b'] } },
      { kind: 'api', 'metadata.namespace': 'default', 'metadata.name': { $in: ['a'] } },
      { kind: 'component', 'metadata.namespace': 'sea', 'metadata.name': { $in: ['a'] } },
    ],
  });
});
