import { parse } from 'smol-toml';
import { asRecord, type ReplacedSettings } from '../shared/files.ts';
import type { SettingValues } from '../shared/layer.ts';
import type { Variables } from '../shared/where.ts';
import { registryEntries, type RegistryAccess } from './registries.ts';

export type BunfigTables = Readonly<Record<string, unknown>>;

/**
 * The tables of a bunfig.toml.
 * @throws an Error for a text that is not TOML, and for one with a date: bun takes dates for texts, and refuses other dates.
 */
export function bunfigTables(text: string): BunfigTables {
  const tables = parse(text);
  if (hasDate(tables)) throw new Error('it has a date');
  return tables;
}

/**
 * The registries and authorities of a bunfig.toml in the words of an .npmrc, with variables replaced, and as they are written there.
 */
export function bunfigValues(text: string, env: Variables): ReplacedSettings {
  const tables = bunfigTables(text);
  return { values: valuesOf(tables, env), written: valuesOf(tables) };
}

function valuesOf(tables: BunfigTables, env?: Variables): SettingValues {
  const install = asRecord(tables['install']);
  const { registry } = install;
  const entries: (readonly [string, unknown])[] = [
    ...(registry === undefined ? [] : registryEntries('registry', registryAccess(registry), env)),
    ...Object.entries(asRecord(install['scopes'])).flatMap(([scope, value]) =>
      registryEntries(`@${scope.replace(/^@/, '')}:registry`, registryAccess(value), env),
    ),
    ['ca', install['ca']],
    ['cafile', install['cafile']],
  ];
  return new Map(entries.filter(([, value]) => value !== undefined));
}

function registryAccess(registry: unknown): RegistryAccess {
  if (typeof registry === 'string') return { url: registry };
  const table = asRecord(registry);
  const text = (name: string): string | undefined => {
    const value = table[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    url: text('url'),
    token: text('token'),
    username: text('username'),
    password: text('password'),
  };
}

function hasDate(value: unknown): boolean {
  if (value instanceof Date) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(hasDate);
}
