import type { Problem } from '@callboard/model';
import { decodeText } from './decode.ts';
import type { PrepareInput, PrepareLimits } from './settings.ts';
import type { YamlFault } from './yaml.ts';

const fileProblem = (
  location: string,
  fault: Omit<YamlFault, 'line' | 'column'> & Partial<YamlFault>,
  severity: Problem['severity'] = 'error',
): Problem => ({
  line: 1,
  column: 1,
  ...fault,
  severity,
  location,
});

const wrongSize = (location: string, size: number, limit: number) =>
  fileProblem(location, {
    code: 'CATALOG_FILE_TOO_LARGE',
    message: `The file has ${size} bytes; at most ${limit} are read.`,
    expected: `at most ${limit} bytes`,
    found: String(size),
    fix: 'Divide the file, move long definitions into files of their own, or raise catalog.limits.fileSize.',
  });

/** The text of a descriptor file, or why it has none. */
export const readText = (input: PrepareInput, limits: PrepareLimits): { text?: string; problems: Problem[] } => {
  const size = typeof input.text === 'string' ? Buffer.byteLength(input.text) : input.text.byteLength;
  if (size > limits.fileSize) return { problems: [wrongSize(input.location, size, limits.fileSize)] };
  if (typeof input.text === 'string') return { text: input.text.replace(/^\uFEFF/, ''), problems: [] };
  const decoded = decodeText(input.text);
  if ('binary' in decoded)
    return {
      problems: [
        fileProblem(input.location, {
          code: 'CATALOG_FILE_BINARY',
          message: `The file is not a text: it has ${decoded.binary}.`,
          expected: 'a text in UTF-8',
          fix: 'Name only descriptor files, and store them as UTF-8.',
        }),
      ],
    };
  const problems = decoded.replaced
    ? [
        fileProblem(
          input.location,
          {
            ...decoded.replaced,
            code: 'CATALOG_FILE_ENCODING',
            message: 'The file has bytes that are not UTF-8; they are shown as \uFFFD.',
            expected: 'a text in UTF-8',
            fix: 'Store the file as UTF-8.',
          },
          'warning',
        ),
      ]
    : [];
  return { text: decoded.text, problems };
};
