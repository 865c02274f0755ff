import { FAILSAFE_SCHEMA, load } from 'js-yaml';
import type { SettingValues } from './layer.ts';

/**
 * The mapping in a YAML text, with the keys that `<<` merges.
 * @throws an error of js-yaml for a text that is not YAML, and a TypeError for YAML that is no mapping.
 */
export function yamlValues(text: string): SettingValues {
  return mappingOfYaml(load(text));
}

/** The mapping in a YAML text whose scalars are texts. `<<` is a name as any other, and the last of several values with one name counts. */
export function textYamlValues(text: string): SettingValues {
  return mappingOfYaml(load(text, { schema: FAILSAFE_SCHEMA, json: true }));
}

/** @throws a TypeError for a value that is no mapping. */
function mappingOfYaml(value: unknown): SettingValues {
  if (value === undefined || value === null) return new Map();
  if (typeof value !== 'object' || Array.isArray(value)) throw new TypeError('not a mapping');
  refuseMany(value);
  return new Map(Object.entries(value));
}

/** The limit of pnpm 12. */
const NODES_MAX = 250_000;

/** Aliases make a small file large, or endless, for everybody who walks over it or prints it. */
function refuseMany(top: object): void {
  const waiting: unknown[] = [top];
  for (let count = 0; waiting.length > 0; count++) {
    const value = waiting.pop();
    const below = typeof value === 'object' && value !== null ? Object.values(value) : [];
    if (count + waiting.length + below.length > NODES_MAX) throw new TypeError('too many values');
    for (const child of below) waiting.push(child);
  }
}
