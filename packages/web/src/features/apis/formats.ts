import type { ApiFormat } from '@callboard/model';

/** The names of formats as people write them. */
export const formatNames: Record<ApiFormat, string> = {
  openapi: 'OpenAPI',
  asyncapi: 'AsyncAPI',
  graphql: 'GraphQL',
  proto: 'Protocol buffers',
  avro: 'Avro',
  text: 'Text',
};
