import type { DocsSettings } from '@callboard/model/http';
import { useCallback } from 'react';
import { usePreference } from '../../core/session/index.ts';

const none: DocsSettings = {};
const noTabs: string[] = [];
const mostTabs = 30;

/** How this person reads documents; kept by the portal. */
export function useDocsSettings() {
  const { value = none, ready, change } = usePreference('docs');
  const set = useCallback((next: Partial<DocsSettings>) => change((before = {}) => ({ ...before, ...next })), [change]);
  const rememberTab = useCallback(
    (label: string) =>
      change((before = {}) => ({
        ...before,
        tabs: [label, ...(before.tabs ?? []).filter((other) => other !== label)].slice(0, mostTabs),
      })),
    [change],
  );
  return {
    ready,
    textSize: value.textSize ?? 'normal',
    width: value.width ?? 'prose',
    tabs: value.tabs ?? noTabs,
    set,
    rememberTab,
  };
}
