import type {
  NewToken,
  NewUserResponse,
  OneTimeLink,
  SessionList,
  SignInState,
  SignOutResponse,
  TokenList,
  UserItem,
  UserList,
} from '@callboard/model/http';
import { queryOptions } from '@tanstack/react-query';
import { request } from '../../core/api/index.ts';

const base = '/api/access';
const userPath = (entityRef: string) => `${base}/users/${entityRef.slice(entityRef.indexOf(':') + 1)}`;

export const readSignIn = () => request<SignInState>(`${base}/sign-in`);
export const enterWithPassword = (method: string, body: { username: string; password: string }) =>
  request(`${base}/sign-in/${encodeURIComponent(method)}`, { method: 'POST', body });
export const enterAsGuest = () => request(`${base}/sign-in/guest`, { method: 'POST' });
export const startAddress = (method: string, returnTo: string) =>
  `${base}/sign-in/${encodeURIComponent(method)}/start?returnTo=${encodeURIComponent(returnTo)}`;
export const setUp = (body: { code: string; name: string; title?: string; password: string }) =>
  request(`${base}/setup`, { method: 'POST', body });
export const choosePassword = (body: { code: string; password: string }) =>
  request(`${base}/password/reset`, { method: 'POST', body });
export const signOut = () => request<SignOutResponse>(`${base}/sign-out`, { method: 'POST' });
export const changePassword = (body: { current: string; password: string }) =>
  request(`${base}/password`, { method: 'PUT', body });

export const sessionsQuery = queryOptions({
  queryKey: ['access', 'sessions'],
  queryFn: ({ signal }) => request<SessionList>(`${base}/sessions`, { signal }),
});
export const allSessionsQuery = queryOptions({
  queryKey: ['access', 'all', 'sessions'],
  queryFn: ({ signal }) => request<SessionList>(`${base}/all/sessions`, { signal }),
});
export const endSession = (id: string, all: boolean) =>
  request(`${base}/${all ? 'all/' : ''}sessions/${id}`, { method: 'DELETE' });

export const tokensQuery = queryOptions({
  queryKey: ['access', 'tokens'],
  queryFn: ({ signal }) => request<TokenList>(`${base}/tokens`, { signal }),
});
export const allTokensQuery = queryOptions({
  queryKey: ['access', 'all', 'tokens'],
  queryFn: ({ signal }) => request<TokenList>(`${base}/all/tokens`, { signal }),
});
export const makeToken = (body: { title: string; days: number; grants?: string[] }) =>
  request<NewToken>(`${base}/tokens`, { method: 'POST', body });
export const makeServiceToken = (body: { subject: string; title: string; days?: number; grants: string[] }) =>
  request<NewToken>(`${base}/all/tokens`, { method: 'POST', body });
export const revokeToken = (id: string, all: boolean) =>
  request(`${base}/${all ? 'all/' : ''}tokens/${id}`, { method: 'DELETE' });

export const usersQuery = queryOptions({
  queryKey: ['access', 'users'],
  queryFn: ({ signal }) => request<UserList>(`${base}/users`, { signal }),
});
export const addUser = (body: { name: string; title?: string; email?: string; administrator?: boolean }) =>
  request<NewUserResponse>(`${base}/users`, { method: 'POST', body });
export const changeUser = (entityRef: string, body: { administrator?: boolean; disabled?: boolean }) =>
  request<UserItem>(userPath(entityRef), { method: 'PUT', body });
export const resetUser = (entityRef: string) =>
  request<OneTimeLink>(`${userPath(entityRef)}/reset`, { method: 'POST' });
export const removeUser = (entityRef: string) => request(userPath(entityRef), { method: 'DELETE' });
