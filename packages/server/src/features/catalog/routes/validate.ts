import type { Problem } from '@callboard/model';
import { isJsonObject, parseLocationRef } from '@callboard/model';
import type { ValidateEntityFailure as Failure } from '@callboard/model/http';
import { ValidateEntityBody, ValidateEntityFailure } from '@callboard/model/http';
import { Type } from '@callboard/model/schema';
import type { Routes, RouteTools } from './tools.ts';
import { base, sendNothing } from './tools.ts';

const failure = ({ message, code, fix, path }: Problem): Failure['errors'][number] => ({
  name: 'InputError',
  message,
  code,
  fix,
  ...(path !== undefined && { path }),
});

/** Why the request itself cannot be checked. */
function fault(entity: unknown, location: string): Failure['errors'][number] | undefined {
  if (!isJsonObject(entity))
    return {
      name: 'InputError',
      message: 'The entity must be an object',
      fix: 'Send the content of the descriptor as JSON.',
    };
  try {
    if (parseLocationRef(location).type === 'url') return undefined;
  } catch (error) {
    return { name: 'InputError', message: (error as Error).message.slice(0, 500), fix: 'Write url:https://host/path.' };
  }
  return {
    name: 'InputError',
    message: `Invalid location ref ${location.slice(0, 300)}, only 'url:<target>' is supported, e.g. url:https://host/path`,
    fix: 'Write url:https://host/path.',
  };
}

/** POST /validate-entity. Its refusals have a shape of their own, which clients rely on. */
export function registerValidate(http: Routes, { actions }: RouteTools): void {
  http.post(
    `${base}/validate-entity`,
    {
      config: { permission: 'catalog.entity.validate' },
      schema: {
        operationId: 'ValidateEntity',
        tags: ['entities'],
        summary: 'Check an entity without storing it',
        body: ValidateEntityBody,
        response: { 200: Type.Null({ description: 'It would be taken.' }), 400: ValidateEntityFailure },
      },
    },
    async (request, reply) => {
      const { entity, location } = request.body;
      const wrong = fault(entity, location);
      const errors = wrong ? [wrong] : (await actions.validateEntity(entity, location)).map(failure);
      if (errors.length > 0) return reply.code(400).send({ errors });
      return sendNothing(reply, 200);
    },
  );
}
