import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../core/router/index.ts';
import { isDoubtful } from './doubt.ts';

const evidence = (change: Partial<Evidence>): Evidence => ({
  entityRef: 'component:default/tide-service',
  location: 'file:/repos/tides/catalog-info.yaml',
  line: 1,
  readAt: '2026-01-01T00:00:00.000Z',
  firstSeenAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  claims: [],
  source: null,
  ...change,
});
const source = (change: object) => ({ source: change as NonNullable<Evidence['source']> });

describe('what asks for attention without a problem of its own', () => {
  it('is nothing as long as nothing is known, and of a source that is well', () => {
    expect(isDoubtful(undefined)).toBe(false);
    expect(isDoubtful(evidence({}))).toBe(false);
    expect(isDoubtful(evidence(source({ state: 'ok' })))).toBe(false);
  });

  it('is a source that fails or holds back, and another claim', () => {
    expect(isDoubtful(evidence(source({ failingSince: '2026-01-02T00:00:00.000Z' })))).toBe(true);
    expect(isDoubtful(evidence(source({ held: { lost: 9, total: 10, refs: [] } })))).toBe(true);
    expect(isDoubtful(evidence({ claims: ['file:/repos/other/catalog-info.yaml'] }))).toBe(true);
  });
});
