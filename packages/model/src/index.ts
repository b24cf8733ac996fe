export type {
  ApiCall,
  ApiContent,
  ApiDetail,
  ApiFact,
  ApiField,
  ApiFormat,
  ApiLine,
  ApiOperation,
  ApiOverview,
  ApiSchema,
  ApiSection,
  ApiSecurity,
  ApiServer,
  ApiSummary,
  ApiType,
  ApiTypeLine,
} from './api-definition.ts';
export type { Entity, EntityLink, EntityMeta, EntityStatus, EntityStatusItem, Relation } from './entity.ts';
export { checkEnvelope, emptyFault, envelopeSchemas, missingFault, typeFault } from './envelope.ts';
export { textFormats, type TextFormat } from './formats.ts';
export { fromPointer, isJsonObject, pointerKey, toPointer, type JsonObject, type JsonValue } from './json.ts';
export { wellKnownPairs, type KindDefinition, type KindVariant, type RelationPair, type RelationRule } from './kind.ts';
export { builtInKinds } from './kinds/index.ts';
export { parseLocationRef, stringifyLocationRef, type LocationRef } from './locations.ts';
export {
  defaultPages,
  pageCards,
  pageTabs,
  type CardWidth,
  type EntityPageLayout,
  type PageCard,
  type PageCondition,
  type PageTab,
} from './pages.ts';
export { showValue, type Fault, type Problem, type ProblemSeverity } from './problem.ts';
export {
  defaultNamespace,
  parseEntityRef,
  RefError,
  stringifyEntityRef,
  type EntityRef,
  type RefContext,
} from './refs.ts';
export {
  createKindLookup,
  relationPairs,
  relationsOf,
  ruleFieldPointer,
  type KindLookup,
  type Reference,
  type StoredRelation,
} from './relations.ts';
export { entityTerms, nullTerm, termKey, termValue, type Term } from './terms.ts';
