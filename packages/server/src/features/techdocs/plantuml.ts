import { deflateRawSync } from 'node:zlib';
import type { Outbound } from '../../core/outbound/index.ts';
import type { Drawing } from './render/types.ts';

/** Has a diagram drawn; never rejects. */
export type Draw = (source: string) => Promise<Drawing>;

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_';
const longest = 20_000;
const mostBytes = 2 * 1024 * 1024;
const patienceMs = 5_000;
const mostKept = 200;
/** A server that failed is left alone so long. */
const askAgainMs = 60_000;

/** A diagram's text as PlantUML servers want it in an address: deflated, in their own base 64. */
export function encodeDiagram(text: string): string {
  const bytes = deflateRawSync(Buffer.from(text, 'utf8'), { level: 9 });
  let out = '';
  for (let index = 0; index < bytes.length; index += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(index, index + 3);
    for (const part of [a >> 2, ((a & 3) << 4) | (b >> 4), ((b & 15) << 2) | (c >> 6), c & 63]) out += alphabet[part];
  }
  return out;
}

/** Has diagrams drawn by a PlantUML server, so that readers' browsers ask nobody. */
export function createPlantuml(outbound: Outbound, server: string, now: () => number = Date.now): Draw {
  const kept = new Map<string, { drawing: Promise<Drawing>; until: number }>();
  const base = server.replace(/\/+$/, '');

  async function ask(source: string): Promise<Drawing> {
    const text = /^\s*@start/.test(source) ? source : `@startuml\n${source.replace(/\n$/, '')}\n@enduml`;
    try {
      const { status, headers, body } = await outbound.request(`${base}/svg/${encodeDiagram(text)}`, {
        maxBytes: mostBytes,
        timeoutMs: patienceMs,
        purpose: 'PlantUML diagrams',
        anyStatus: true,
      });
      if (status === 200 && body && headers['content-type']?.includes('svg'))
        return { svg: Buffer.from(body).toString('base64') };
      // What it cannot read it says in a header, and in a picture.
      const said = headers['x-plantuml-diagram-error'];
      if (status === 400) return { invalid: said?.slice(0, 300) ?? 'the server cannot read it' };
      return { failed: `the server answered ${status}` };
    } catch (error) {
      return { failed: (error as Error).message };
    }
  }

  return async (source) => {
    if (source.length > longest) return { invalid: `it is longer than ${longest} characters` };
    const known = kept.get(source);
    if (known && known.until > now()) return known.drawing;
    const entry = { drawing: ask(source), until: Infinity };
    kept.delete(source);
    kept.set(source, entry);
    if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
    const drawing = await entry.drawing;
    if ('failed' in drawing) entry.until = now() + askAgainMs;
    return drawing;
  };
}
