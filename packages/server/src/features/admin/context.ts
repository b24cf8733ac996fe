import type { Database } from '../../core/db/index.ts';
import type { Events } from '../../core/events/index.ts';
import type { HttpServer } from '../../core/http/index.ts';
import type { Jobs } from '../../core/jobs/index.ts';
import type { Outbound } from '../../core/outbound/index.ts';

/** The rooms of core that the administration shows. */
export type AdminCore = { db: Database; events: Events; jobs: Jobs; outbound: Outbound; http: HttpServer };
