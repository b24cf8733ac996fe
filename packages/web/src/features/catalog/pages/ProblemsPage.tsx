import { PageHeader } from '../../../core/ui/index.ts';
export function ProblemsPage() {
  return <PageHeader title="ProblemsPage" />;
}
