import { expect, test } from 'vitest';
import { maskAddress, maskValue, namesSecret } from './secrets.ts';

test.each([
  ['postgres://user:pass@host:5432/db', 'postgres://user:••••••@host:5432/db'],
  ['postgres://user:p@ss@host/db', 'postgres://user:••••••@host/db'],
  ['postgres://user@host/db', 'postgres://user@host/db'],
  [
    'postgres://host/db?user=a&password=geheim&sslmode=require',
    'postgres://host/db?user=a&password=••••••&sslmode=require',
  ],
  ['https://ghp_abc@git.example.com/x.git', 'https://••••••@git.example.com/x.git'],
  ['ssh://git@git.example.com/x.git', 'ssh://git@git.example.com/x.git'],
  ['https://host:8080/a@b', 'https://host:8080/a@b'],
  ['host=h password=geheim user=a', 'host=h password=•••••• user=a'],
  ['plain text', 'plain text'],
])('maskAddress(%j)', (text, shown) => {
  expect(maskAddress(text)).toBe(shown);
});

test('hides what stands under a secret key', () => {
  const value = {
    host: 'h',
    token: 'geheim',
    list: [{ clientSecret: { a: 1, b: ['geheim'] } }],
    url: 'https://a:geheim@h/',
  };
  expect(maskValue(value)).toEqual({
    host: 'h',
    token: '••••••',
    list: [{ clientSecret: { a: '••••••', b: ['••••••'] } }],
    url: 'https://a:••••••@h/',
  });
});

test('a secret that is an address keeps its host, any other text is hidden', () => {
  expect(maskValue('postgres://a:geheim@h/db', true)).toBe('postgres://a:••••••@h/db');
  expect(maskValue('geheim', true)).toBe('••••••');
  expect(maskValue('postgres://a:geheim@h:no port/db', true)).toBe('••••••');
  expect(maskValue('', true)).toBe('');
  expect(maskValue(undefined, true)).toBeUndefined();
});

test('knows the names of secrets', () => {
  expect(['password', 'GITHUB_TOKEN', 'clientSecret', 'apiKey', 'privateKey'].filter(namesSecret)).toHaveLength(5);
  expect(['host', 'title', 'baseUrl', 'key', 'port'].filter(namesSecret)).toEqual([]);
});
