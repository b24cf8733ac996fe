export { ApiError, onSignedOut, readText, request, sendFile, type RequestOptions } from './client.ts';
export { fetchAhead, startLive, useLiveState, type LiveState } from './live.ts';
export { createQueryClient } from './query-client.ts';
export { followStream } from './stream.ts';
