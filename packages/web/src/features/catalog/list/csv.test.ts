import { expect, it } from 'vitest';
import { csvLine } from './csv.ts';

it('quotes what has a meaning in CSV', () => {
  expect(csvLine(['plain', 'a,b', 'say "x"', 'two\nlines', ''])).toBe('plain,"a,b","say ""x""","two\nlines",\r\n');
});

it('lets no cell become a formula', () => {
  expect(csvLine(['=1+1', '+1', '-1', '@sum(a)', '\t=1', '\r=1', '＝1', 'a=1'])).toBe(
    `'=1+1,'+1,'-1,'@sum(a),"'\t=1","'\r=1",'＝1,a=1\r\n`,
  );
  expect(csvLine(['=HYPERLINK("https://x.example","a")'])).toBe(`"'=HYPERLINK(""https://x.example"",""a"")"\r\n`);
});
