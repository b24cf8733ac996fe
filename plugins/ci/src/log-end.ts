import type { LogView } from '@callboard/plugin-api';

type Line = LogView['lines'][number];
const escape = String.fromCodePoint(27);
const colours = new RegExp(`${escape}\\[[0-9;?]*[A-Za-z]`, 'g');
/** How the log of GitLab marks where parts begin and end. */
const sections = /section_(?:start|end):\d+:[\w.-]+(?:\[[^\]]*\])?\r?/g;
const stamped = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?Z (.*)$/s;
/** What runners write where a step fails; after it they only tidy up. */
const failing = /##\[error\]|❌ {2}Failure|^ERROR: Job failed/;
const most = 120;

function lineOf(raw: string): Line {
  const [, at, said = raw] = stamped.exec(raw) ?? [];
  const level = /##\[error\]|^ERROR\b/.test(said)
    ? 'error'
    : /##\[warning\]|^WARNING\b/.test(said)
      ? 'warning'
      : undefined;
  const words = said.replace(/^##\[(?:error|warning|group|command|section)\]/, '').slice(0, 2000);
  return { text: words, ...(at !== undefined && { at: `${at}Z` }), ...(level && { level }) };
}

/** The last lines of a log before what fails, without colours and marks. */
export function logEnd(text: string): { lines: Line[]; isCut: boolean } {
  const lines = text
    .replaceAll(colours, '')
    .replaceAll(sections, '')
    .split('\n')
    // What a progress bar wrote over is not to be read any more.
    .map((line) => line.replace(/\r$/, '').split('\r').at(-1)!)
    .filter(
      (line) => line.trim() !== '' && !/^\S+Z ##\[(?:end)?group\]?\s*$/.test(line) && !line.endsWith('##[endgroup]'),
    );
  const at = lines.findLastIndex((line) => failing.test(line.replace(stamped, '$2')));
  const end = at < 0 ? lines.length : at + 1;
  const shown = lines.slice(Math.max(0, end - most), end);
  return { lines: shown.map(lineOf), isCut: end > most };
}
