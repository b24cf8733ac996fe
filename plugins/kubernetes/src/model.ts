import type { Host } from '@callboard/plugin-api';

export type Entity = Awaited<ReturnType<Host['catalog']['get']>>[number];
export type JsonObject = Host['configuration'];

/** An object as the API server sends it: its shape is agreed upon, and missing parts are usual. */
export type Raw = Record<string, any>;

/** How a container is, or how it ended the last time. */
export type ContainerState = {
  kind: 'waiting' | 'running' | 'terminated';
  reason?: string;
  message?: string;
  exitCode?: number;
  at?: string;
};

export type Container = {
  name: string;
  image: string;
  isInit: boolean;
  isReady: boolean;
  restarts: number;
  state?: ContainerState;
  last?: ContainerState;
  memoryLimit?: string;
  /** Probes in words: `GET :8080/healthz` */
  liveness?: string;
  readiness?: string;
};

export type Condition = { type: string; status: string; reason?: string; message?: string; at?: string };

/** What is kept of an object. Thousands of them are in memory at once. */
export type Item = {
  cluster: string;
  kind: string;
  namespace: string;
  name: string;
  uid: string;
  labels: Record<string, string>;
  createdAt: string;
  owner?: { kind: string; name: string };
  /** Images of the containers that it runs, or has run by its pods */
  images: string[];
  conditions: Condition[];
  workload?: {
    desired: number;
    ready: number;
    updated: number;
    isPaused: boolean;
    podLabels: Record<string, string>;
    restartedAt?: string;
  };
  pod?: {
    phase: string;
    reason?: string;
    message?: string;
    node?: string;
    deletedAt?: string;
    containers: Container[];
  };
  job?: { active: number; succeeded: number; failed: number; wanted: number; finishedAt?: string };
  cron?: { schedule: string; isSuspended: boolean; lastAt?: string; lastGoodAt?: string };
  service?: { type: string; selector: Record<string, string>; ports: string[]; address?: string };
  ingress?: { hosts: string[]; services: string[]; isTls: boolean; addresses: string[] };
  autoscaler?: {
    target: { kind: string; name: string };
    least: number;
    most: number;
    current: number;
    desired: number;
  };
  event?: { about: { kind: string; name: string }; reason: string; message: string; at: string; count: number };
  custom?: { state?: string; detail?: string; isGood?: boolean };
};

/** What went wrong with a cluster, since when, and what to do. */
export type Fault = { code: string; message: string; fix: string; since: number };

/** The kinds that run pods and can be restarted. */
export const runners = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;
export const isRunner = (kind: string): boolean => (runners as readonly string[]).includes(kind);

/** What one object is called among all clusters. */
export const keyOf = (cluster: string, namespace: string, kind: string, name: string): string =>
  `${cluster}\n${namespace}\n${kind}\n${name}`;
