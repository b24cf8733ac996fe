import { type Fault, isJsonObject, type JsonObject, type JsonValue, type RelationRule } from '@callboard/model';
import type { YamlFault } from './yaml.ts';

const marker = /\$\{\{|\{%|\{\{-? *(?:cookiecutter|values|parameters)\b/;
const cookiecutter = /\{\{-? *cookiecutter\b/;
const identity = /^[ -]*(?:name|namespace|kind|owner|system|title|description) *:.*(?:\$\{\{|\{%|\{\{)/m;
const statement = /^\s*\{%/m;
const isTemplate = /^kind *: *["']?Template\b/m;

const isUnrendered = (value: JsonValue | undefined): boolean => {
  if (typeof value === 'string') return marker.test(value);
  return Array.isArray(value) && value.some(isUnrendered);
};

/**
 * Whether a document that cannot be read as YAML is part of a template's skeleton: its text still has the template's own syntax, at the
 * broken place or where the entity is named.
 */
export function isUnrenderedText(text: string, faults: YamlFault[], firstLine: number): boolean {
  if (!marker.test(text) || isTemplate.test(text)) return false;
  if (cookiecutter.test(text) || identity.test(text) || statement.test(text)) return true;
  const lines = text.split('\n');
  return faults.some((fault) => {
    const at = fault.line - firstLine;
    return lines.slice(Math.max(0, at - 1), at + 2).some((line) => marker.test(line));
  });
}

/**
 * Whether a document is part of a template's skeleton: what names or relates it, or what is wrong with it, still has the template's own
 * syntax. A Template itself may contain that syntax and is never one.
 */
export function isUnrenderedDocument(
  document: JsonObject,
  text: string,
  faults: Fault[],
  rules: RelationRule[],
): boolean {
  if (document.kind === 'Template' || !marker.test(text)) return false;
  const metadata = isJsonObject(document.metadata) ? document.metadata : {};
  const spec = isJsonObject(document.spec) ? document.spec : {};
  const named = [document.kind, metadata.name, metadata.namespace, spec.type, spec.lifecycle, spec.owner, spec.system];
  if (named.some(isUnrendered) || rules.some((rule) => isUnrendered(spec[rule.field]))) return true;
  const broken = faults.filter((fault) => fault.severity !== 'warning');
  if (broken.length === 0) return false;
  return cookiecutter.test(text) || broken.some((fault) => marker.test(fault.found ?? '') || marker.test(fault.path));
}
