import { replaceEqualDeep } from '@tanstack/react-query';
import { useState } from 'react';

/** What was there before as long as the new one says the same, so that what is computed from it is not computed again. */
export function useSame<T>(value: T): T {
  const [kept, keep] = useState(value);
  const same = replaceEqualDeep<T>(kept, value);
  if (same !== kept) keep(same);
  return same;
}
