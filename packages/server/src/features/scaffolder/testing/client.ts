import type { JsonObject } from '@callboard/model';
import type { SerializedTask, SerializedTaskEvent } from '@callboard/model/http';

export type Reply = { status: number; body: any };

/** What people do with runs, over HTTP. */
export function runClient(url: string) {
  const base = `${url}/api/scaffolder/v2`;
  const send = async (method: string, path: string, body?: unknown): Promise<Reply> => {
    const answer = await fetch(base + path, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const read = answer.headers.get('content-type')?.includes('json') ? await answer.json() : await answer.text();
    return { status: answer.status, body: read };
  };
  const client = {
    send,
    get: (path: string) => send('GET', path),
    post: (path: string, body?: unknown) => send('POST', path, body),
    async begin(name: string, values: JsonObject = {}, secrets?: Record<string, string>): Promise<string> {
      const answer = await send('POST', '/tasks', {
        templateRef: `template:default/${name}`,
        values,
        ...(secrets && { secrets }),
      });
      if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
      return answer.body.id as string;
    },
    task: async (id: string): Promise<SerializedTask> => (await send('GET', `/tasks/${id}`)).body,
    /** Follows a run by long polling until an event fits. */
    async until(id: string, fits: (event: SerializedTaskEvent) => boolean): Promise<SerializedTaskEvent[]> {
      const all: SerializedTaskEvent[] = [];
      for (;;) {
        const { body } = await send('GET', `/tasks/${id}/events?after=${all.at(-1)?.id ?? -1}`);
        all.push(...(body as SerializedTaskEvent[]));
        if (all.some(fits)) return all;
        if (body.length === 0 && (await client.task(id)).endedAt)
          throw new Error(`the run ended: ${JSON.stringify(all)}`);
      }
    },
    ended: (id: string) => client.until(id, ({ type }) => type === 'completion'),
    /** Runs a template to its end. */
    async run(name: string, values: JsonObject = {}, secrets?: Record<string, string>) {
      const id = await client.begin(name, values, secrets);
      const events = await client.ended(id);
      return { id, events, task: await client.task(id), log: events.map(({ body }) => body.message).join('\n') };
    },
  };
  return client;
}

/** The text of a template file. */
export const templateFile = (name: string, spec: string): string => `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata:
  name: ${name}
  title: Template ${name}
  annotations: { backstage.io/time-saved: PT90M }
spec:
  type: service
${spec.replace(/^/gm, '  ')}
`;
