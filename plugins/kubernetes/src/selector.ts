type Labels = Record<string, string>;

const requirement = /^\s*(?:(!)\s*)?([^\s!=,()]+)(?:\s*(==|=|!=)\s*([^\s,()]*)|\s+(in|notin)\s*\(([^)]*)\))?\s*$/;

/**
 * Reads a label selector as kubectl does: `app=pay,tier in (web, api),!canary`.
 *
 * @returns whether labels have what it wants; undefined when it is none
 */
export function readSelector(text: string): ((labels: Labels) => boolean) | undefined {
  const tests: ((labels: Labels) => boolean)[] = [];
  // Commas within brackets part values, not requirements.
  for (const part of text.split(/,(?![^(]*\))/)) {
    const found = requirement.exec(part);
    if (!found) return undefined;
    const [, not, key = '', sign, value = '', within, values = ''] = found;
    const wanted = values.split(',').map((each) => each.trim());
    if (not !== undefined && (sign ?? within) !== undefined) return undefined;
    if (not !== undefined) tests.push((labels) => !(key in labels));
    else if (sign === '!=') tests.push((labels) => labels[key] !== value);
    else if (sign !== undefined) tests.push((labels) => labels[key] === value);
    else if (within === 'in') tests.push((labels) => key in labels && wanted.includes(labels[key]!));
    else if (within === 'notin') tests.push((labels) => !(key in labels) || !wanted.includes(labels[key]!));
    else tests.push((labels) => key in labels);
  }
  return (labels) => tests.every((test) => test(labels));
}

/** Whether labels have all of a plain selector, as services use them. An empty one selects nothing. */
export const selects = (selector: Labels, labels: Labels): boolean => {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
};
