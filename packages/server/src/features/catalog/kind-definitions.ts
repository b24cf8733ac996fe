import {
  builtInKinds,
  type Fault,
  isJsonObject,
  type JsonObject,
  type KindDefinition,
  showValue,
  textFormats,
  wellKnownPairs,
} from '@callboard/model';

const mistake = (path: string, message: string, fix: string, found?: unknown): Fault => ({
  code: 'CATALOG_KINDS_INVALID',
  path,
  message,
  fix,
  ...(found === undefined ? {} : { found: showValue(found) }),
});

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

type Names = Map<string, string>;

const checkRule = (rule: unknown, path: string, names: Names): Fault[] => {
  if (!isJsonObject(rule))
    return [
      mistake(
        path,
        'A relation rule is a map with field, type and inverse.',
        'Write { field: owner, type: ownedBy, inverse: ownerOf }.',
        rule,
      ),
    ];
  const faults: Fault[] = [];
  if (!isText(rule.field))
    faults.push(
      mistake(`${path}/field`, 'The field is missing.', 'Name the field of spec that holds the reference.', rule.field),
    );
  for (const side of ['type', 'inverse'] as const)
    if (!isText(rule[side]) || !/^\w+$/.test(rule[side]))
      faults.push(
        mistake(
          `${path}/${side}`,
          `A relation name is missing or not valid: ${showValue(rule[side])}.`,
          'Use letters, digits and "_", such as "ownedBy".',
        ),
      );
  if (faults.length > 0) return faults;
  const [type, inverse] = [rule.type as string, rule.inverse as string];
  const known = names.get(type) ?? [...names].find(([, other]) => other === type)?.[0];
  if (known !== undefined && known !== inverse)
    faults.push(
      mistake(
        `${path}/inverse`,
        `The inverse of ${type} is ${known}, not ${inverse}.`,
        `Use ${known}, or another name for the relation.`,
      ),
    );
  else if (known === undefined && names.has(inverse))
    faults.push(
      mistake(
        `${path}/inverse`,
        `${inverse} is already the inverse of ${names.get(inverse)}.`,
        'Use another name for one of them.',
      ),
    );
  else names.set(type, inverse).set(inverse, type);
  if (rule.defaultKind !== undefined && !isText(rule.defaultKind))
    faults.push(
      mistake(`${path}/defaultKind`, 'defaultKind is not a kind.', 'Name a kind, or leave it out.', rule.defaultKind),
    );
  if (rule.targetKinds !== undefined && !(Array.isArray(rule.targetKinds) && rule.targetKinds.every(isText)))
    faults.push(
      mistake(
        `${path}/targetKinds`,
        'targetKinds is not a list of kinds.',
        'List kinds, or leave it out.',
        rule.targetKinds,
      ),
    );
  return faults;
};

const checkRules = (rules: unknown, path: string, names: Names): Fault[] => {
  if (rules === undefined) return [];
  if (!Array.isArray(rules))
    return [mistake(path, 'relations is not a list.', 'Write a list of relation rules; it may be empty.', rules)];
  return rules.flatMap((rule, index) => checkRule(rule, `${path}/${index}`, names));
};

const checkSchema = (schema: unknown, path: string, compile: (schema: JsonObject) => unknown): Fault[] => {
  if (!isJsonObject(schema))
    return [mistake(path, 'The schema is missing.', 'Give a JSON Schema of the whole entity.', schema)];
  try {
    compile(schema);
    return [];
  } catch (error) {
    return [mistake(path, `The schema cannot be used: ${(error as Error).message}.`, 'Correct the JSON Schema.')];
  }
};

/**
 * Checks configured kinds, as plain values, before anything relies on them.
 *
 * @param custom - `catalog.kinds` as read
 * @param compile - throws when a JSON Schema cannot be used
 * @returns every mistake, with its path within `catalog.kinds`
 */
export function checkKindDefinitions(custom: unknown, compile: (schema: JsonObject) => unknown): Fault[] {
  if (!Array.isArray(custom)) return [mistake('', 'catalog.kinds is not a list.', 'Write a list of kinds.', custom)];
  const names: Names = new Map(
    wellKnownPairs.flatMap(({ type, inverse }) => [[type, inverse] as const, [inverse, type] as const]),
  );
  const taken = new Set(builtInKinds.flatMap((kind) => kind.apiVersions.map((version) => `${version} ${kind.kind}`)));
  return custom.flatMap((definition: unknown, index) => {
    const path = `/${index}`;
    if (!isJsonObject(definition))
      return [mistake(path, 'A kind is a map.', 'Write kind, apiVersions, schema and relations.', definition)];
    const kind = definition as unknown as KindDefinition;
    const faults: Fault[] = [];
    if (!isText(kind.kind) || !textFormats.kind.valid(kind.kind))
      faults.push(
        mistake(
          `${path}/kind`,
          `The name of the kind is not valid: ${showValue(kind.kind)}.`,
          `Use ${textFormats.kind.expected}.`,
        ),
      );
    if (
      !Array.isArray(kind.apiVersions) ||
      kind.apiVersions.length === 0 ||
      !kind.apiVersions.every((each) => isText(each) && textFormats.apiVersion.valid(each))
    )
      faults.push(
        mistake(
          `${path}/apiVersions`,
          `apiVersions is not a list of versions: ${showValue(kind.apiVersions)}.`,
          'List at least one, such as "example.com/v1".',
        ),
      );
    else
      for (const version of kind.apiVersions) {
        const key = `${version} ${kind.kind}`;
        if (taken.has(key))
          faults.push(
            mistake(
              `${path}/apiVersions`,
              `${kind.kind} with ${version} is defined already.`,
              'Use another kind or version.',
            ),
          );
        taken.add(key);
      }
    faults.push(
      ...checkSchema(kind.schema, `${path}/schema`, compile),
      ...checkRules(kind.relations ?? [], `${path}/relations`, names),
    );
    if (kind.variants !== undefined && !Array.isArray(kind.variants))
      faults.push(
        mistake(
          `${path}/variants`,
          'variants is not a list.',
          'List { type, schema } for each spec.type.',
          kind.variants,
        ),
      );
    else
      (kind.variants ?? []).forEach((variant, at) => {
        const where = `${path}/variants/${at}`;
        if (!isText(variant?.type))
          faults.push(mistake(`${where}/type`, 'The type is missing.', 'Name the spec.type this variant is for.'));
        faults.push(
          ...checkSchema(variant?.schema, `${where}/schema`, compile),
          ...checkRules(variant?.relations, `${where}/relations`, names),
        );
      });
    return faults;
  });
}
