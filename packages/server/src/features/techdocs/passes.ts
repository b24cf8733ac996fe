import { createHmac, timingSafeEqual } from 'node:crypto';

const hour = 3_600_000;
/** All passes of such a span are the same, so that a browser keeps the files that it has. Each holds for one to two spans. */
const span = 6 * hour;

/**
 * Passes to the files of one site. A frame without an origin of its own sends no session with what it asks for, so the address itself must
 * say that its reader may see the site.
 */
export type Passes = {
  give(ref: string, version?: string): Promise<string>;
  /** What a pass is for; undefined when it was made up, is for another site, or has run out. */
  open(pass: string, ref: string): Promise<{ version?: string } | undefined>;
};

/** @param key - what passes are signed with */
export function createPasses(key: () => Promise<string>, now: () => number = Date.now): Passes {
  let known: Promise<string> | undefined;
  const secret = () => {
    known ??= key();
    known.catch(() => (known = undefined));
    return known;
  };
  const sign = async (ref: string, version: string, until: string) =>
    createHmac('sha256', await secret())
      .update(JSON.stringify([ref, version, until]))
      .digest('base64url');
  return {
    async give(ref, version = '') {
      const until = (((Math.floor(now() / span) + 2) * span) / hour).toString(36);
      return [until, Buffer.from(version).toString('base64url'), await sign(ref, version, until)].join('.');
    },
    async open(pass, ref) {
      const [until, code, given] = pass.split('.');
      if (until === undefined || code === undefined || given === undefined) return undefined;
      const version = Buffer.from(code, 'base64url').toString('utf8');
      const signature = Buffer.from(await sign(ref, version, until));
      const offered = Buffer.from(given);
      if (offered.length !== signature.length || !timingSafeEqual(offered, signature)) return undefined;
      if (Number.parseInt(until, 36) * hour <= now()) return undefined;
      return version === '' ? {} : { version };
    },
  };
}
