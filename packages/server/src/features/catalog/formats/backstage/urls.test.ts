import { describe, expect, it } from 'vitest';
import { placeAnnotations } from './annotations.ts';
import { type CodeHost, fileInRepository, inOtherRepository } from './hosts.ts';
import { editUrlOf, resolveTarget } from './urls.ts';

const hosts: CodeHost[] = [
  { type: 'gitea', host: 'gitea.example.com' },
  { type: 'bitbucketServer', host: 'bitbucket.example.com' },
  { type: 'github', host: 'ghe.example.com' },
];

const azure = 'https://dev.azure.com/org/project/_git/repo?path=%2Fdocs%2Fa.yaml';
const bitbucketServer = 'https://bitbucket.example.com/projects/P/repos/r/browse/docs/a.yaml?at=main';

describe('resolveTarget', () => {
  it.each([
    ['https://github.com/o/r/blob/main/docs/a.yaml', './b.yaml', 'https://github.com/o/r/tree/main/docs/b.yaml'],
    ['https://github.com/o/r/blob/main/docs/a.yaml', '../b.yaml', 'https://github.com/o/r/tree/main/b.yaml'],
    ['https://github.com/o/r/blob/main/docs/a.yaml', '/b.yaml', 'https://github.com/o/r/tree/main/b.yaml'],
    ['https://github.com/o/r/blob/main/a.yaml', 'https://x.example/b', 'https://x.example/b'],
    ['https://ghe.example.com/o/r/edit/main/a.yaml', 'b', 'https://ghe.example.com/o/r/tree/main/b'],
    [
      'https://gitlab.com/g/s/r/-/blob/main/docs/a.yaml',
      './b.yaml',
      'https://gitlab.com/g/s/r/-/blob/main/docs/b.yaml',
    ],
    ['https://gitlab.com/g/s/r/-/blob/main/docs/a.yaml', '/b.yaml', 'https://gitlab.com/g/s/r/-/blob/main/b.yaml'],
    ['https://bitbucket.org/o/r/src/main/docs/a.yaml', './b.yaml', 'https://bitbucket.org/o/r/src/main/docs/b.yaml'],
    [bitbucketServer, './b.yaml', 'https://bitbucket.example.com/projects/P/repos/r/browse/docs/b.yaml?at=main'],
    [
      'https://gitea.example.com/o/r/src/branch/main/docs/a.yaml',
      './b.yaml',
      'https://gitea.example.com/o/r/src/branch/main/docs/b.yaml',
    ],
    [azure, './b.yaml', 'https://dev.azure.com/org/project/_git/repo?path=%2Fdocs%2Fb.yaml'],
    [azure, '/b.yaml', 'https://dev.azure.com/org/project/_git/repo?path=%2Fb.yaml'],
    ['https://files.example.com/x/a.yaml?token=1', './b.yaml', 'https://files.example.com/x/b.yaml?token=1'],
  ])('of %s with %s', (base, target, resolved) => {
    expect(resolveTarget(target, base, hosts)).toBe(resolved);
  });
});

describe('editUrlOf', () => {
  it.each([
    ['https://github.com/o/r/blob/main/a.yaml', 'https://github.com/o/r/edit/main/a.yaml'],
    ['https://gitlab.com/g/s/r/-/blob/main/a.yaml', 'https://gitlab.com/g/s/r/-/edit/main/a.yaml'],
    ['https://bitbucket.org/o/r/src/main/a.yaml', 'https://bitbucket.org/o/r/src/main/a.yaml?mode=edit&at=main'],
    [bitbucketServer, 'https://bitbucket.example.com/projects/P/repos/r/browse/docs/a.yaml'],
    [
      'https://gitea.example.com/o/r/src/branch/main/docs/a.yaml',
      'https://gitea.example.com/o/r/_edit/main/docs/a.yaml',
    ],
    [azure, azure],
    ['https://files.example.com/a.yaml', undefined],
  ])('of %s', (url, edit) => {
    expect(editUrlOf(url, hosts)).toBe(edit);
  });
});

describe('fileInRepository', () => {
  it.each([
    [
      'https://github.com/o/r/blob/main/docs/a.yaml',
      { host: 'github.com', repository: 'o/r', ref: 'main', path: 'docs/a.yaml' },
    ],
    [
      'https://gitlab.com/g/s/r/-/blob/main/a.yaml',
      { host: 'gitlab.com', repository: 'g/s/r', ref: 'main', path: 'a.yaml' },
    ],
    [
      'https://bitbucket.org/o/r/src/main/a.yaml',
      { host: 'bitbucket.org', repository: 'o/r', ref: 'main', path: 'a.yaml' },
    ],
    [bitbucketServer, { host: 'bitbucket.example.com', repository: 'P/r', ref: 'main', path: 'docs/a.yaml' }],
    [azure, { host: 'dev.azure.com', repository: 'org/project/_git/repo', ref: '', path: 'docs/a.yaml' }],
    ['https://github.com/o/r', undefined],
    ['https://files.example.com/a.yaml', undefined],
    ['not an address', undefined],
  ])('takes %s apart', (url, file) => {
    expect(fileInRepository(url)).toEqual(file);
  });

  it('tells repositories apart', () => {
    const base = 'https://github.com/o/r/blob/main/a.yaml';
    expect(inOtherRepository('https://github.com/o/r/tree/dev/b.yaml', base)).toBe(false);
    expect(inOtherRepository('https://github.com/o/other/blob/main/b.yaml', base)).toBe(true);
    expect(inOtherRepository('https://ghe.example.com/o/r/blob/main/b.yaml', base)).toBe(true);
    expect(inOtherRepository('https://files.example.com/b.yaml', base)).toBe(false);
  });
});

describe('placeAnnotations', () => {
  it('leaves out the edit page of a commit', () => {
    const target = `https://github.com/o/r/blob/${'0123456789'.repeat(4)}/a.yaml`;
    expect(Object.keys(placeAnnotations({ type: 'url', target }, 'url:x', []).defaults)).toEqual([
      'backstage.io/view-url',
      'backstage.io/source-location',
    ]);
  });

  it('knows the page of a cloned file', () => {
    const target = 'https://gitlab.com/g/s/r.git/blob/main/docs/a.yaml';
    expect(placeAnnotations({ type: 'git', target }, 'git:x', [])).toEqual({
      fixed: {
        'backstage.io/managed-by-location': `git:${target}`,
        'backstage.io/managed-by-origin-location': 'git:x',
      },
      defaults: {
        'backstage.io/view-url': 'https://gitlab.com/g/s/r/-/blob/main/docs/a.yaml',
        'backstage.io/edit-url': 'https://gitlab.com/g/s/r/-/edit/main/docs/a.yaml',
        'backstage.io/source-location': 'url:https://gitlab.com/g/s/r/-/blob/main/docs/',
      },
    });
    expect(placeAnnotations({ type: 'git', target: '/srv/r.git/blob/main/a.yaml' }, 'git:x', []).defaults).toEqual({});
  });

  it('says only where to look on servers that are no code host', () => {
    expect(placeAnnotations({ type: 'url', target: 'https://files.example.com/a.yaml' }, 'url:x', []).defaults).toEqual(
      {
        'backstage.io/view-url': 'https://files.example.com/a.yaml',
      },
    );
  });
});
