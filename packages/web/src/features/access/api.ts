import type {
  AuditDelivery,
  AuditExportQuery,
  AuditQuery,
  AuditResponse,
  AuditVerification,
  BindingBody,
  BindingSchema,
  BindingsResponse,
  ExplainBody,
  ExplainResponse,
  PermissionsResponse,
  RoleBody,
  RoleSchema,
  RolesResponse,
  SimulateBody,
  SimulateResponse,
} from '@callboard/model/http';
import { queryOptions } from '@tanstack/react-query';
import { request } from '../../core/api/index.ts';

const base = '/api/access';

export const rolesQuery = queryOptions({
  queryKey: ['access', 'roles'],
  queryFn: ({ signal }) => request<RolesResponse>(`${base}/roles`, { signal }),
});
export const bindingsQuery = queryOptions({
  queryKey: ['access', 'bindings'],
  queryFn: ({ signal }) => request<BindingsResponse>(`${base}/bindings`, { signal }),
});
export const permissionsQuery = queryOptions({
  queryKey: ['access', 'permissions'],
  queryFn: ({ signal }) => request<PermissionsResponse>(`${base}/permissions`, { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});
export const putRole = (name: string, body: RoleBody) =>
  request<RoleSchema>(`${base}/roles/${encodeURIComponent(name)}`, { method: 'PUT', body });
export const deleteRole = (name: string) => request(`${base}/roles/${encodeURIComponent(name)}`, { method: 'DELETE' });
export const addBinding = (body: BindingBody) => request<BindingSchema>(`${base}/bindings`, { method: 'POST', body });
export const deleteBinding = (id: string) =>
  request(`${base}/bindings/${encodeURIComponent(id)}`, { method: 'DELETE' });
export const simulate = (body: SimulateBody) => request<SimulateResponse>(`${base}/simulate`, { method: 'POST', body });
export const explainQuery = (body: ExplainBody) =>
  queryOptions({
    queryKey: ['access', 'explain', body],
    queryFn: ({ signal }) => request<ExplainResponse>(`${base}/explain`, { method: 'POST', body, signal }),
    enabled: body.principal !== '',
  });
const parameters = (query: AuditQuery | AuditExportQuery) =>
  new URLSearchParams(
    Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
  ).toString();
export const auditQuery = (query: AuditQuery) =>
  queryOptions({
    queryKey: ['access', 'audit', query],
    queryFn: ({ signal }) => request<AuditResponse>(`${base}/audit?${parameters(query)}`, { signal }),
  });
export const exportAddress = (query: AuditExportQuery) => `${base}/audit/export?${parameters(query)}`;
export const auditDeliveryQuery = queryOptions({
  queryKey: ['access', 'audit-delivery'],
  queryFn: ({ signal }) => request<AuditDelivery>(`${base}/audit/delivery`, { signal }),
  refetchInterval: 15_000,
});
export const verifyAudit = () => request<AuditVerification>(`${base}/audit/verify`);
