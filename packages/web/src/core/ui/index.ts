export { Copyable } from './Copyable.tsx';
export { PageHeader } from './PageHeader.tsx';
export { RelativeTime } from './RelativeTime.tsx';
export { EmptyState, ErrorState, SkeletonRows, StaleNote } from './states.tsx';
export { Status, type StatusLevel } from './Status.tsx';
export { count, words } from './text.ts';
export { cssVariables, theme } from './theme.ts';
export { relativeTime } from './time.ts';
export { Truncated } from './Truncated.tsx';
