import { PageHeader } from '../../../core/ui/index.ts';
export function ImportPage() {
  return <PageHeader title="ImportPage" />;
}
