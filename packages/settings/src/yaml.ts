import { DEFAULT_SCHEMA, load } from 'js-yaml';
import type { Values } from './layer.ts';

/**
 * The mapping in a YAML text, with the keys that `<<` merges, as pnpm reads it.
 * @throws an error of js-yaml for a text that is not YAML, and a TypeError for YAML that is no mapping.
 */
export function yamlValues(text: string): Values {
  const value = load(text, { schema: DEFAULT_SCHEMA });
  if (value === undefined || value === null) return new Map();
  if (typeof value !== 'object' || Array.isArray(value)) throw new TypeError('not a mapping');
  return new Map(Object.entries(value));
}
