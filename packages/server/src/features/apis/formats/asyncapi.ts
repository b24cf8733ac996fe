import type { ApiContent, ApiOperation, ApiSection, ApiSecurity, ApiServer } from '@callboard/model';
import { createGroups, createIds, type Definition, emptyDefinition, limits, withoutEmptyGroups } from './definition.ts';
import { linkDocument } from './document.ts';
import type { Reader } from './http-body.ts';
import { factsOf, filled, isObject, isTrue, type Json, listOf, objectOf, showJson, showValue, textOf } from './json.ts';
import { createSchemas } from './json-schema.ts';
import { withDefaults } from './openapi-call.ts';
import { sampleOf } from './sample.ts';

/** An object with the traits it takes on; what it says itself counts. */
function withTraits(reader: Reader, value: unknown): Json | undefined {
  const own = reader.linked.follow(value);
  if (!own || !Array.isArray(own['traits'])) return own;
  const traits = own['traits'].flatMap((trait) => reader.linked.follow(Array.isArray(trait) ? trait[0] : trait) ?? []);
  return Object.assign({}, ...traits, own) as Json;
}

/** A payload or header schema; one in another language than JSON Schema is shown as it is. */
function contentOf(
  reader: Reader,
  value: unknown,
  mediaType: string | undefined,
  examples: ApiContent['examples'],
): ApiContent {
  const holder = objectOf(value);
  const language = textOf(holder['schemaFormat']);
  const schema = language !== undefined && holder['schema'] !== undefined ? holder['schema'] : value;
  if (language !== undefined && !/json|asyncapi|openapi|yaml/.test(language))
    return { mediaType: language, examples: [{ name: 'Schema', text: showJson(schema) }, ...examples] };
  const sample = examples.length > 0 ? undefined : sampleOf(reader.linked, schema);
  return {
    ...(mediaType && { mediaType }),
    schema: reader.schemas.read(schema),
    examples: sample === undefined ? examples : [{ text: showJson(sample) }],
  };
}

const bindingsOf = (value: unknown): [string, unknown][] =>
  Object.entries(objectOf(value)).map(([protocol, binding]) => [`Binding ${protocol}`, showValue(binding)]);

function messageSection(reader: Reader, key: string, value: unknown, preset: string | undefined): ApiSection[] {
  const message = withTraits(reader, value);
  if (!message) return [];
  const examples = listOf(message['examples'])
    .filter(isObject)
    .slice(0, 5)
    .map((example) =>
      filled({
        name: textOf(example['name']) ?? textOf(example['summary']),
        text: showJson(example['payload'] ?? example),
      }),
    );
  const mediaType = textOf(message['contentType']) ?? preset;
  const payload = message['payload'];
  const written = textOf(message['schemaFormat']);
  const headers =
    message['headers'] === undefined
      ? undefined
      : reader.schemas.read(objectOf(message['headers'])['schema'] ?? message['headers']);
  const title = textOf(message['title']);
  const name = textOf(message['name']) ?? key;
  return [
    filled({
      kind: 'message' as const,
      title: name || title || 'Message',
      description:
        [title, textOf(message['summary']), textOf(message['description'])].filter(Boolean).join('\n\n') || undefined,
      fields: headers?.fields ?? (headers ? [{ name: 'headers', ...headers }] : undefined),
      contents:
        payload === undefined
          ? []
          : [
              contentOf(
                reader,
                written === undefined ? payload : { schemaFormat: written, schema: payload },
                mediaType,
                examples as ApiContent['examples'],
              ),
            ],
    }),
  ];
}

function serversOf(reader: Reader): ApiServer[] {
  return Object.entries(objectOf(reader.linked.root['servers'])).flatMap(([name, value]): ApiServer[] => {
    const server = reader.linked.follow(value);
    if (!server) return [];
    const host = textOf(server['host']);
    const address = textOf(server['url']) ?? `${host ?? ''}${textOf(server['pathname']) ?? ''}`;
    return [
      filled({
        url: withDefaults(address, server['variables']),
        protocol:
          [textOf(server['protocol']), textOf(server['protocolVersion'])].filter(Boolean).join(' ') || undefined,
        description: [name, textOf(server['description'])].filter(Boolean).join(': '),
      }),
    ] as ApiServer[];
  });
}

const securityOf = (reader: Reader): ApiSecurity[] =>
  Object.entries(objectOf(objectOf(reader.linked.root['components'])['securitySchemes'])).flatMap(([id, value]) => {
    const scheme = reader.linked.follow(value);
    if (!scheme) return [];
    const description = textOf(scheme['description']);
    const facts = factsOf([
      ['Sent in', scheme['in']],
      ['Name', scheme['name']],
      ['Scheme', scheme['scheme']],
      ['Discovery', scheme['openIdConnectUrl']],
    ]);
    return [{ id, type: textOf(scheme['type']) ?? 'unknown', ...(description && { description }), facts }];
  });

/** Reads AsyncAPI 2 and 3. */
export function readAsyncapi(root: Json, text: string, language: Definition['language']): Definition {
  const linked = linkDocument(root, text);
  const schemas = createSchemas(linked, ['#/components/schemas']);
  const reader: Reader = { linked, schemas };
  const formatVersion = textOf(root['asyncapi']);
  const isNew = formatVersion?.startsWith('3') ?? false;
  if (!/^[23]\./.test(formatVersion ?? ''))
    linked.note(
      {
        code: 'APIS_VERSION_UNKNOWN',
        message: `The version ${formatVersion ?? '(none)'} of AsyncAPI is not known.`,
        fix: 'Say asyncapi: 3.0.0 or 2.6.0. It is read as well as it can be.',
      },
      'asyncapi',
    );
  const preset = textOf(root['defaultContentType']);
  const groups = createGroups();
  const ids = createIds();
  const operations: (ApiOperation & { group: number })[] = [];

  const add = (given: {
    id: string;
    verb: string;
    direction: string;
    address: string;
    channel: Json;
    operation: Json;
    messages: [string, unknown][];
  }) => {
    const { channel, operation } = given;
    if (operations.length >= limits.operations) return;
    const parameters = Object.entries(objectOf(channel['parameters'])).flatMap(([name, value]) => {
      const parameter = linked.follow(value);
      if (!parameter) return [];
      const schema = schemas.read(
        parameter['schema'] ?? {
          type: 'string',
          enum: parameter['enum'],
          default: parameter['default'],
          examples: parameter['examples'],
        },
      );
      return [
        {
          name,
          ...schema,
          required: true as const,
          ...filled({ description: textOf(parameter['description']) ?? schema.description }),
        },
      ];
    });
    const tag = listOf(operation['tags'] ?? channel['tags']).filter(isObject)[0];
    operations.push({
      ...filled({
        id: ids(given.id),
        verb: given.verb,
        name: given.address,
        title: textOf(operation['title']) ?? textOf(operation['summary']) ?? textOf(channel['title']),
        description:
          [textOf(operation['description']), textOf(channel['description'])].filter(Boolean).join('\n\n') || undefined,
        deprecated: isTrue(operation['deprecated']),
      }),
      group: groups.place(textOf(tag?.['name']) ?? 'Operations'),
      facts: factsOf([
        ['Direction', given.direction],
        ['Operation', given.id],
        ...bindingsOf(channel['bindings']),
        ...bindingsOf(operation['bindings']),
      ]),
      sections: [
        ...(parameters.length > 0
          ? [{ kind: 'parameters' as const, title: 'Parameters of the address', fields: parameters }]
          : []),
        ...given.messages.slice(0, 500).flatMap(([name, message]) => messageSection(reader, name, message, preset)),
      ],
    });
  };

  const sends = 'The application sends; you receive.';
  const receives = 'The application receives; you send.';
  const namesOf = (value: unknown): [string, unknown] => [
    textOf(objectOf(value)['$ref'])?.split('/').at(-1) ?? '',
    value,
  ];
  const used = new Set<unknown>();
  for (const [id, value] of Object.entries(isNew ? objectOf(root['operations']) : {})) {
    const operation = withTraits(reader, value);
    if (!operation) continue;
    const channel = linked.follow(operation['channel']) ?? {};
    used.add(channel);
    const isSend = operation['action'] === 'send';
    const chosen = listOf(operation['messages']).map(namesOf);
    add({
      id,
      verb: isSend ? 'send' : 'receive',
      direction: isSend ? sends : receives,
      address: textOf(channel['address']) ?? namesOf(operation['channel'])[0],
      channel,
      operation,
      messages: chosen.length > 0 ? chosen : Object.entries(objectOf(channel['messages'])),
    });
  }
  for (const [address, value] of Object.entries(objectOf(root['channels']))) {
    const channel = linked.follow(value);
    if (!channel) continue;
    if (isNew) {
      if (!used.has(channel))
        add({
          id: address,
          verb: 'channel',
          direction: 'No operation uses this channel here.',
          address: textOf(channel['address']) ?? address,
          channel,
          operation: {},
          messages: Object.entries(objectOf(channel['messages'])),
        });
      continue;
    }
    // In version 2 the words are those of the other side: what others publish, the application receives.
    for (const [word, verb, direction] of [
      ['publish', 'receive', receives],
      ['subscribe', 'send', sends],
    ] as const) {
      const operation = withTraits(reader, channel[word]);
      if (!operation) continue;
      const message = objectOf(operation['message']);
      const several = listOf(message['oneOf']);
      add({
        id: textOf(operation['operationId']) ?? `${word} ${address}`,
        verb,
        direction: `${direction} (${word})`,
        address,
        channel,
        operation,
        messages:
          several.length > 0
            ? several.map(namesOf)
            : operation['message'] === undefined
              ? []
              : [namesOf(operation['message'])],
      });
    }
  }
  const info = objectOf(root['info']);
  const contact = objectOf(info['contact']);
  const licence = objectOf(info['license']);
  const more = objectOf(root['externalDocs'] ?? info['externalDocs']);
  return withoutEmptyGroups({
    ...emptyDefinition('asyncapi', language),
    formatVersion,
    version: textOf(info['version']),
    title: textOf(info['title']),
    description: textOf(info['description']),
    facts: factsOf([
      [
        'Contact',
        contact['name'] ?? contact['email'],
        contact['url'] ?? (textOf(contact['email']) && `mailto:${textOf(contact['email'])}`),
      ],
      ['Licence', licence['name'], licence['url']],
      ['Content type', preset],
      ['More', more['description'] ?? more['url'], more['url']],
    ]),
    servers: serversOf(reader),
    security: securityOf(reader),
    groups: groups.list,
    operations,
    types: schemas.types(),
    found: linked.problems,
    leftOut: schemas.isCut()
      ? 'The definition is larger or deeper than what is shown; the text has all of it.'
      : undefined,
  });
}
