const browsers: [RegExp, string][] = [
  [/\bEdg\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bFirefox\//, 'Firefox'],
  [/\bHeadlessChrome\/|\bChrome\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const systems: [RegExp, string][] = [
  [/\bAndroid\b/, 'Android'],
  [/\biPhone|\biPad/, 'iOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];
const nameIn = (agent: string, list: [RegExp, string][]) => list.find(([pattern]) => pattern.test(agent))?.[1];

/** What a browser says of itself, in two words where they can be told. */
export function agentWords(agent: string): string {
  const words = [nameIn(agent, browsers), nameIn(agent, systems)].filter(Boolean).join(' on ');
  return words || agent.slice(0, 60) || 'Unknown';
}

/** Names of permissions as people type them: separated by spaces, commas or lines. */
export const grantsIn = (text: string): string[] => [...new Set(text.split(/[\s,]+/).filter(Boolean))];
