import { EntityList } from '../../catalog/index.ts';

/** Every API with who provides it. */
export const ApisPage = () => <EntityList title="APIs" fixedKind="api" />;
