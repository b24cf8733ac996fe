import { type ApiOperation, isObject, type Json, mostOperations, objectsOf, sentences, textOf } from './operation.ts';

const pointer = (document: Json, value: unknown): Json => {
  if (!isObject(value)) return {};
  const target = textOf(value['$ref']);
  if (!target.startsWith('#/')) return value;
  let found: unknown = document;
  for (const step of target.slice(2).split('/')) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    found = isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  }
  return isObject(found) ? found : {};
};

/** Messages as a channel of version 3 or an operation of version 2 names them. */
function messagesOf(document: Json, value: unknown): { names: string[]; text: string } {
  const direct = pointer(document, value);
  const list = Array.isArray(direct['oneOf']) ? direct['oneOf'] : isObject(value) ? [value] : [];
  const messages = list.map((item) => pointer(document, item));
  return {
    names: messages.flatMap((message) => [textOf(message['name']), textOf(message['messageId'])]).filter(Boolean),
    text: sentences(
      ...messages.flatMap((message) => [
        textOf(message['title']),
        textOf(message['summary']),
        textOf(message['description']),
      ]),
    ),
  };
}

/** Channels, operations and messages of AsyncAPI 2 and 3 documents. */
export function asyncapiOperations(document: Json): ApiOperation[] {
  const found: ApiOperation[] = [];
  const add = (operation: ApiOperation) => {
    if (found.length < mostOperations) found.push(operation);
  };
  for (const [name, channel] of objectsOf(document['channels'])) {
    const address = textOf(channel['address']) || name;
    const inside = [
      ...objectsOf(channel['messages']).map(([, message]) => messagesOf(document, message)),
      ...['publish', 'subscribe'].flatMap((verb) => {
        const operation = channel[verb];
        if (!isObject(operation)) return [];
        const id = textOf(operation['operationId']);
        return [
          { names: id ? [id] : [], text: sentences(textOf(operation['summary']), textOf(operation['description'])) },
          messagesOf(document, operation['message']),
        ];
      }),
    ];
    add({
      id: `channel ${address}`,
      type: 'channel',
      title: address,
      names: [...new Set([name, ...inside.flatMap((each) => each.names)])],
      words: [address],
      text: sentences(
        textOf(channel['title']),
        textOf(channel['summary']),
        textOf(channel['description']),
        ...inside.map((each) => each.text),
      ),
    });
  }
  for (const [name, operation] of objectsOf(document['operations'])) {
    const channel = pointer(document, operation['channel']);
    const address = textOf(channel['address']);
    const action = textOf(operation['action']);
    add({
      id: `operation ${name}`,
      type: 'operation',
      anchor: name,
      title: [action.toUpperCase(), address || name].filter(Boolean).join(' '),
      names: [name],
      words: [action, address],
      text: sentences(textOf(operation['title']), textOf(operation['summary']), textOf(operation['description'])),
    });
  }
  return found;
}
