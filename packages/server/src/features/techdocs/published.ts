import { createHash, createHmac } from 'node:crypto';
import { resolve as resolvePath } from 'node:path';
import type { Outbound } from '../../core/outbound/index.ts';
import { openDiskTree, pathInTree } from '../../core/files/index.ts';
import type { TechdocsConfig } from './config.ts';
import { techdocsErrors } from './errors.ts';

/** What another pipeline has published: files below `namespace/kind/name/`, in lower case. */
export type Published = {
  /** A file of an entity's site; undefined when there is none. */
  read(ref: string, path: string): Promise<Uint8Array | undefined>;
  /** What the pipeline wrote about a site; undefined when it has published none. Asked for again every minute. */
  metadata(ref: string): Promise<PublishedMetadata | undefined>;
};

export type PublishedMetadata = {
  title?: string;
  description?: string;
  /** changes with what is published */
  etag: string;
};

const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

function toMetadata(bytes: Uint8Array): PublishedMetadata {
  let said: Record<string, unknown> = {};
  try {
    said = Object(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    // A site may be shown without what is said about it.
  }
  const [title, description] = [textOf(said['site_name']), textOf(said['site_description'])];
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    etag: `${textOf(said['etag']) ?? ''} ${Number(said['build_timestamp'] ?? 0)}`,
  };
}

const askAgainMs = 60_000;
const mostKnown = 10_000;

/** Adds what is said about sites to where their files are. */
function withMetadata(read: Published['read'], now: () => number): Published {
  const known = new Map<string, { at: number; found: Promise<PublishedMetadata | undefined> }>();
  async function ask(ref: string) {
    const bytes = await read(ref, 'techdocs_metadata.json');
    if (bytes) return toMetadata(bytes);
    return (await read(ref, 'index.html')) && { etag: '' };
  }
  return {
    read,
    metadata(ref) {
      const before = known.get(ref);
      if (before && now() - before.at < askAgainMs) return before.found;
      const found = ask(ref);
      known.set(ref, { at: now(), found });
      if (known.size > mostKnown) known.delete(known.keys().next().value!);
      found.catch(() => known.delete(ref));
      return found;
    },
  };
}

const folderOf = (ref: string) => {
  const [, kind, namespace, name] = /^([^:]+):([^/]+)\/(.+)$/.exec(ref)!;
  return `${namespace}/${kind}/${name}`.toLowerCase();
};

const mostBytes = 64 * 1024 * 1024;

/** Opens the place that `techdocs.publisher` names; undefined when it names none. */
export function openPublished(
  config: TechdocsConfig,
  outbound: Outbound,
  directory: string,
  now: () => number = Date.now,
): Published | undefined {
  const read = reading(config, outbound, directory);
  return read && withMetadata(read, now);
}

function reading(config: TechdocsConfig, outbound: Outbound, directory: string): Published['read'] | undefined {
  const { publisher } = config;
  const folder = publisher?.type === 'awsS3' ? undefined : publisher?.local?.publishDirectory;
  if (folder !== undefined) {
    const root = resolvePath(directory, folder);
    return async (ref, path) => {
      const own = pathInTree(path);
      if (own === undefined) return undefined;
      const tree = await openDiskTree({ root, folder: root }).catch(() => undefined);
      const start = folderOf(ref);
      const file = pathInTree(`${start}/${own}`);
      return file?.startsWith(`${start}/`) ? tree?.read(file, { mostBytes }) : undefined;
    };
  }
  if (publisher?.type !== 'awsS3' || !publisher.awsS3) return undefined;
  const bucket = publisher.awsS3;
  return async (ref, path) => {
    const own = pathInTree(path);
    if (own === undefined) return undefined;
    const key = [bucket.bucketRootPath?.replace(/^\/+|\/+$/g, ''), folderOf(ref), own].filter(Boolean).join('/');
    const url = bucketAddress(bucket, key);
    const headers = bucket.credentials
      ? signed(url, { ...bucket.credentials, region: bucket.region ?? 'us-east-1', now: new Date() })
      : {};
    const answer = await outbound.request(url, {
      headers,
      maxBytes: mostBytes,
      purpose: 'published documents',
      anyStatus: true,
    });
    if (answer.status === 200) return answer.body ?? new Uint8Array();
    // Without the right to list a bucket, what is not there is forbidden.
    if (
      answer.status === 404 ||
      (answer.status === 403 && /NoSuchKey/.test(new TextDecoder().decode(answer.body ?? new Uint8Array())))
    )
      return undefined;
    throw techdocsErrors.publisherUnreadable({ reason: `the bucket answered ${answer.status}` });
  };
}

type Bucket = NonNullable<NonNullable<TechdocsConfig['publisher']>['awsS3']>;

/** Characters that stay as they are in a signed path. */
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);

function bucketAddress(bucket: Bucket, key: string): URL {
  const path = key.split('/').map(encode).join('/');
  const base = bucket.endpoint ?? `https://s3.${bucket.region ?? 'us-east-1'}.amazonaws.com`;
  const url = new URL(base);
  if (bucket.s3ForcePathStyle === true) return new URL(`${url.origin}/${encode(bucket.bucketName)}/${path}`);
  url.hostname = `${bucket.bucketName}.${url.hostname}`;
  return new URL(`${url.origin}/${path}`);
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** The headers of a signed GET, as AWS describes its Signature Version 4. */
export function signed(
  url: URL,
  options: { accessKeyId: string; secretAccessKey: string; region: string; now: Date },
): Record<string, string> {
  const stamp = options.now.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = `${stamp.slice(0, 8)}/${options.region}/s3/aws4_request`;
  const hash = sha256('');
  const canonical = [
    'GET',
    url.pathname,
    '',
    `host:${url.host}`,
    `x-amz-content-sha256:${hash}`,
    `x-amz-date:${stamp}`,
    '',
    'host;x-amz-content-sha256;x-amz-date',
    hash,
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', stamp, scope, sha256(canonical)].join('\n');
  const key = scope
    .split('/')
    .reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${options.secretAccessKey}`);
  const signature = hmac(key, toSign).toString('hex');
  return {
    'x-amz-date': stamp,
    'x-amz-content-sha256': hash,
    authorization: `AWS4-HMAC-SHA256 Credential=${options.accessKeyId}/${scope}, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=${signature}`,
  };
}
