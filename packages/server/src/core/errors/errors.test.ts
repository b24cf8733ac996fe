import { expect, test } from 'vitest';
import { AppError, allErrorDefinitions, defineErrors, errorStatus } from './index.ts';

const errors = defineErrors('ZOO', {
  animalNotFound: {
    name: 'NotFoundError',
    message: "No animal '{name}' in {house}",
    fix: 'Look in {house} for {unknown}.',
  },
  cageHTTPClosed: { name: 'ConflictError', message: 'Closed', fix: 'Open it.', status: 423 },
});

test('a factory fills the placeholders and derives code and status', () => {
  const cause = new Error('below');
  const error = errors.animalNotFound({ name: 'Anna', house: 'the aviary' }, { cause, details: { id: 1 } });
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({
    name: 'NotFoundError',
    code: 'ZOO_ANIMAL_NOT_FOUND',
    status: 404,
    message: "No animal 'Anna' in the aviary",
    fix: 'Look in the aviary for {unknown}.',
    details: { id: 1 },
    cause,
  });
});

test('a definition may give a finer status', () => {
  expect(errors.cageHTTPClosed()).toMatchObject({ code: 'ZOO_CAGE_HTTPCLOSED', status: 423, name: 'ConflictError' });
});

test('without a cause there is none', () => {
  expect(Object.hasOwn(errors.animalNotFound(), 'cause')).toBe(false);
});

test('the catalogue lists every definition, ordered by code', () => {
  const codes = allErrorDefinitions().map((entry) => entry.code);
  expect(codes).toEqual([...codes].sort());
  expect(allErrorDefinitions().find((entry) => entry.code === 'ZOO_ANIMAL_NOT_FOUND')).toEqual({
    code: 'ZOO_ANIMAL_NOT_FOUND',
    name: 'NotFoundError',
    status: 404,
    message: "No animal '{name}' in {house}",
    fix: 'Look in {house} for {unknown}.',
  });
});

test('every name has the status that clients of Backstage expect', () => {
  expect(errorStatus).toEqual({
    InputError: 400,
    AuthenticationError: 401,
    NotAllowedError: 403,
    NotFoundError: 404,
    ConflictError: 409,
    PayloadTooLargeError: 413,
    TooManyRequestsError: 429,
    InternalError: 500,
    NotImplementedError: 501,
    ServiceUnavailableError: 503,
  });
});
