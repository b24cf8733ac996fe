/** What the far side and the measure agree on: services, each with a repository, and where they run. */
export const serviceCount = 1000;
export const serviceNames = Array.from(
  { length: serviceCount },
  (_, index) => `shop-${String(index + 1).padStart(4, '0')}`,
);
export const organization = 'acme';
/** Every service runs in each second of them, with two pods: 5,000 pods in all. */
export const clusters = ['development', 'test', 'staging', 'production-eu', 'production-us'];
export const podsPerService = 2;
export const runsIn = (service, cluster) => (service + cluster) % 2 === 0;

/** A text of hexadecimal digits that is the same on every machine. */
export function hexOf(text, length) {
  let state = 0x811c9dc5;
  let digits = '';
  for (let round = 0; digits.length < length; round += 1) {
    for (const letter of `${text}${round}`) state = Math.imul(state ^ letter.charCodeAt(0), 0x01000193) >>> 0;
    digits += state.toString(16).padStart(8, '0');
  }
  return digits.slice(0, length);
}

export const commitOf = (name) => hexOf(`commit ${name}`, 40);
export const versionOf = (index) => `1.${index % 20}.${index % 7}`;
export const day = '2026-01-20T11:00:00Z';
