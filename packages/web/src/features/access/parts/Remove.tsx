import { useMay } from '../../../core/session/index.ts';
import { ActionButton } from '../../../core/ui/index.ts';

/** Where a role or binding is kept, in words. */
export const places = { 'built-in': 'Built in', configuration: 'In the configuration', portal: '' };

/** Takes away what is kept in the portal; of everything else it says where it stands. */
export function Remove({
  source,
  what,
  work,
}: {
  source: keyof typeof places;
  what: string;
  work: () => Promise<unknown>;
}) {
  const { allowed } = useMay('access.policy.manage');
  if (source !== 'portal') return <>{places[source]}</>;
  if (!allowed) return null;
  return <ActionButton label="Remove" what={what} sure queryKey={['access']} work={work} />;
}
