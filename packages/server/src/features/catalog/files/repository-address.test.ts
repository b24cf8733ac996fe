import { expect, test } from 'vitest';
import { repositoryAddress } from './repository-address.ts';

const cases: [address: string, expected: ReturnType<typeof repositoryAddress>][] = [
  [
    'https://github.com/team/pay/tree/main/docs/guide',
    {
      remote: 'https://github.com/team/pay.git',
      page: 'https://github.com/team/pay',
      version: 'main',
      folder: 'docs/guide',
    },
  ],
  [
    'https://github.com/team/pay/tree/main',
    { remote: 'https://github.com/team/pay.git', page: 'https://github.com/team/pay', version: 'main', folder: '' },
  ],
  [
    'https://github.com/team/pay',
    { remote: 'https://github.com/team/pay.git', page: 'https://github.com/team/pay', version: 'HEAD', folder: '' },
  ],
  [
    'https://gitlab.com/group/sub/pay/-/tree/v1/docs/',
    {
      remote: 'https://gitlab.com/group/sub/pay.git',
      page: 'https://gitlab.com/group/sub/pay',
      version: 'v1',
      folder: 'docs',
    },
  ],
  [
    'https://git.example.com/team/pay/src/branch/main/docs',
    {
      remote: 'https://git.example.com/team/pay.git',
      page: 'https://git.example.com/team/pay',
      version: 'main',
      folder: 'docs',
    },
  ],
  ['https://example.com/docs', undefined],
  ['file:///etc', undefined],
  ['not an address', undefined],
];

test.for(cases)('%s', ([address, expected]) => {
  expect(repositoryAddress(address)).toEqual(expected);
});
