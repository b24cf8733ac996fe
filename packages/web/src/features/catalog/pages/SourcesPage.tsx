import { PageHeader } from '../../../core/ui/index.ts';
export function SourcesPage() {
  return <PageHeader title="SourcesPage" />;
}
