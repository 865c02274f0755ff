/* Documents of settings, and what is in them, as far as it is of the right type. */
import { FAILSAFE_SCHEMA, load } from 'js-yaml';
import { TarwardenError } from '@tarwarden/core';
import { printable, printablePath } from '@tarwarden/core/text';

export type Mapping = Readonly<Record<string, unknown>>;

export function unreadable(path: string, why: string): TarwardenError {
  const message = `cannot read ${printablePath(path)} (${printable(why)}), so it is not known which registries are configured`;
  return new TarwardenError('NOT_INSPECTED', message);
}

/** @throws TarwardenError where it is not YAML. */
export function yaml(text: string, path: string): Mapping {
  try {
    return mapping(load(text, { schema: FAILSAFE_SCHEMA }));
  } catch {
    throw unreadable(path, 'not valid YAML');
  }
}

export function mapping(value: unknown): Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Mapping)
    : {};
}

export function mappingIn(from: Mapping, key: string): Mapping {
  return mapping(Object.hasOwn(from, key) ? from[key] : undefined);
}

export function textIn(from: Mapping, key: string): string | undefined {
  const value = Object.hasOwn(from, key) ? from[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}
