import { PageHeader } from '../../../core/ui/index.ts';
export function CatalogPage() {
  return <PageHeader title="Catalog" />;
}
export function ApisPage() {
  return <PageHeader title="APIs" />;
}
