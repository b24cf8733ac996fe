import type { PrincipalResponse } from '@callboard/model/http';

/** Someone or something that acts. */
export type Principal = { ref: string; title: string; kind: PrincipalResponse['kind'] };
