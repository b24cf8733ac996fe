import type { StoredProblem } from './api.ts';

const words = { error: 'Error', warning: 'Warning', information: 'Note' };

/**
 * A message that asks an owner to mend a problem, in Markdown that also reads well as plain text.
 *
 * @param link - the page where it can be mended
 * @param excerpt - the lines around it, the faulty one marked
 */
export function messageOf(problem: StoredProblem, link: string, excerpt?: string): string {
  const place = problem.location?.replace(/^(file|url|git):(?!\/\/)/, '');
  const lines = [
    `**${words[problem.severity]}${problem.entityRef ? ` in \`${problem.entityRef}\`` : ''}:** ${problem.message}`,
    '',
    ...(place ? [`Where: \`${place}${problem.line ? `:${problem.line}` : ''}\``] : []),
    ...(excerpt ? ['', '```yaml', excerpt, '```', ''] : []),
    `Fix: ${problem.fix}`,
    `Mend it: ${link}`,
  ];
  return `${lines.join('\n')}\n`;
}
