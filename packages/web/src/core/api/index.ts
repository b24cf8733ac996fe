export { ApiError, onSignedOut, request } from './client.ts';
export { startLive, useLiveState, type LiveState } from './live.ts';
export { createQueryClient } from './query-client.ts';
