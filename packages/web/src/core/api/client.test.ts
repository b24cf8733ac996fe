import { describe, expect, it } from 'vitest';
import { ApiError, toApiError } from './client.ts';
import { topicOf } from './live.ts';
import { shouldRetry } from './query-client.ts';

describe('refusals of the portal', () => {
  it('keeps message, code and fix', () => {
    const error = toApiError(404, {
      error: { name: 'NotFoundError', message: 'No entity', code: 'CATALOG_ENTITY_NOT_FOUND', fix: 'Look.' },
    });
    expect([error.status, error.code, error.message, error.fix]).toEqual([
      404,
      'CATALOG_ENTITY_NOT_FOUND',
      'No entity',
      'Look.',
    ]);
  });

  it('says something useful when a proxy answers in its own way', () => {
    const error = toApiError(502, null);
    expect([error.code, error.message, error.fix]).toEqual([
      'HTTP_502',
      'The portal does not answer.',
      'It may be starting: wait a moment, then retry.',
    ]);
  });

  it('keeps what the route of a plugin says in its own words', () => {
    const error = toApiError(400, { message: 'Set the address of the portal.' });
    expect([error.code, error.message]).toEqual(['HTTP_400', 'Set the address of the portal.']);
    expect(toApiError(400, { message: 7 }).message).toBe('The portal answered with status 400.');
    expect(toApiError(400, 'Bad Request').message).toBe('The portal answered with status 400.');
  });

  it('asks again only where another answer is likely', () => {
    const failure = (status: number) => new ApiError({ status, code: 'X', message: 'x', fix: 'y' });
    expect([0, 500, 503].map((status) => shouldRetry(0, failure(status)))).toEqual([true, true, true]);
    expect([400, 404, 409].map((status) => shouldRetry(0, failure(status)))).toEqual([false, false, false]);
    expect(shouldRetry(2, failure(503))).toBe(false);
    expect(shouldRetry(0, new Error('bug'))).toBe(false);
  });
});

describe('the change feed', () => {
  it('knows the feature by the first word of the type', () => {
    expect(topicOf('{"id":1,"type":"catalog.entity.updated"}')).toBe('catalog');
    expect(topicOf('{"id":1}')).toBeUndefined();
    expect(topicOf('still here')).toBeUndefined();
  });
});
