import { PageHeader } from '../../../core/ui/index.ts';
export function HomePage() {
  return <PageHeader title="HomePage" />;
}
