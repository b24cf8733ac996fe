import { EntityList } from '../../catalog/index.ts';
import { apiColumns } from '../columns.tsx';

/** Every API with what it offers and who provides it. */
export const ApisPage = () => <EntityList title="APIs" fixedKind="api" columnsOf={apiColumns} />;
