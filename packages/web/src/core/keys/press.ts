/** What a key press is called in our map: `mod+k`, `?`, `g`. Shift is in the character already. */
export function nameOfPress(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>): string | undefined {
  if (event.altKey || event.key.length !== 1) return undefined;
  return event.ctrlKey || event.metaKey ? `mod+${event.key.toLowerCase()}` : event.key;
}

const patience = 1200;

/**
 * Follows presses and says which shortcut they make; the first key of a pair (`g h`) waits a moment for its second one.
 *
 * @param find - whether there is a shortcut, or the start of one
 */
export function createFollower(find: (keys: string) => 'whole' | 'start' | undefined) {
  let first: { key: string; at: number } | undefined;
  return (press: string, now: number): string | undefined => {
    const before = first && now - first.at < patience ? first.key : undefined;
    first = undefined;
    const keys = before === undefined ? press : `${before} ${press}`;
    const found = find(keys);
    if (found === 'whole') return keys;
    if (found === 'start') first = { key: press, at: now };
    return undefined;
  };
}
