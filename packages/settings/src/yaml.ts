import { DEFAULT_SCHEMA, FAILSAFE_SCHEMA, load, Type, type Schema } from 'js-yaml';
import type { SettingValues } from './layer.ts';

let schemaOfPnpm: Schema | undefined;

/** Made with the first text: a guard is loaded at every start, and most starts read no YAML. */
function pnpmSchema(): Schema {
  // `1_440` is a number in the js-yaml that pnpm 10 and 11 have, and a text in later ones.
  const underscored = new Type('!underscored', {
    kind: 'scalar',
    resolve: (text: string | null) =>
      /^[-+]?[^_].*_.*[^_]$/.test(text ?? '') && !isNaN(numberOf(text)),
    construct: numberOf,
  });
  return (schemaOfPnpm ??= DEFAULT_SCHEMA.extend({ implicit: [underscored] }));
}

function numberOf(text: string | null): number {
  const plain = (text ?? '').replaceAll('_', '');
  const value = /^[\w.+-]+$/.test(plain) ? load(plain) : undefined;
  return typeof value === 'number' ? value : NaN;
}

/**
 * The mapping in a YAML text, with the keys that `<<` merges, as pnpm 10 and 11 read it.
 * @throws an error of js-yaml for a text that is not YAML, and a TypeError for YAML that is no mapping.
 */
export function yamlValues(text: string, schema: Schema = pnpmSchema()): SettingValues {
  return mappingOfYaml(load(text, { schema }));
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

/** As many as pnpm 12 takes. */
const NODES_MAX = 250_000;

/** Aliases make a small file large, or endless, for everybody who walks over it or prints it. */
function refuseMany(top: object): void {
  const waiting: unknown[] = [top];
  for (let count = 0; waiting.length > 0; count++) {
    const value = waiting.pop();
    const below = typeof value === 'object' && value !== null ? Object.values(value) : [];
    if (count + waiting.length + below.length > NODES_MAX) throw new TypeError('too many values');
    for (const each of below) waiting.push(each);
  }
}
