import { PageHeader } from '../../../core/ui/index.ts';
export function EntityPage() {
  return <PageHeader title="EntityPage" />;
}
