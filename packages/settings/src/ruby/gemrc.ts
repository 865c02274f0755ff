/* Settings of RubyGems 3.5 and newer, without those that a distribution or a Ruby has compiled in. */
import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { fileLayer, readWithMark } from '../files.ts';
import { authorsFor } from '../author.ts';
import {
  knownValue,
  type SettingsLayer,
  type SettingOrigin,
  type SettingValues,
} from '../layer.ts';
import type { ClientContext } from '../where.ts';
import { loadRubyYaml, type RubyHash, type RubyValue } from './yaml-serializer.ts';

/**
 * The settings of all gemrc files in one layer, because RubyGems merges the files before it looks at the spelling of names.
 * A symbol is a text with a colon in front.
 */
export function gemrcLayer(where: ClientContext): SettingsLayer {
  const authorOf = authorsFor(where);
  const merged = new Map<string, readonly [unknown, SettingOrigin]>();
  for (const file of filesOf(where)) {
    const [layer] = fileLayer(file, authorOf(file), gemrcValues, readWithMark);
    if (layer?.unreadable !== undefined) return layer;
    for (const [name, value] of layer?.values ?? []) merged.set(name, [value, layer!.origin(name)]);
  }
  const settled = new Map(
    [...merged].map(([name, entry]) => [AS_SYMBOLS.has(name) ? `:${name}` : name, entry]),
  );
  return {
    values: new Map([...settled].map(([name, [value]]) => [name, value])),
    origin: (name) => settled.get(name)?.[1] ?? { kind: 'default' },
  };
}

/** The weakest first. Where GEMRC is set, even to nothing, RubyGems reads the file of that name instead of the user's. */
function filesOf(where: ClientContext): string[] {
  const { env, folder, home } = where;
  const named = env['GEMRC'];
  const config = env['XDG_CONFIG_HOME'] ?? join(home, '.config');
  const usual = [join(home, '.gemrc'), join(resolve(folder, config || '/'), 'gem', 'gemrc')];
  const own =
    named === undefined
      ? [usual.find(existsSync) ?? usual[1]!]
      : [named, ...named.split(delimiter)];
  return [
    systemFile(where),
    ...own.filter((file) => file !== '').map((file) => resolve(folder, file)),
  ];
}

function systemFile({ env, platform }: ClientContext): string {
  return platform === 'win32'
    ? join(env['ProgramData'] || 'C:\\ProgramData', 'gemrc')
    : '/etc/gemrc';
}

/** Names that are symbols, however a file spells them. */
const AS_SYMBOLS: ReadonlySet<string> = new Set(
  (
    'backtrace bulk_threshold verbose update_sources cert_expiration_length_days install_extension_in_lib ipv4_fallback_enabled ' +
    'sources disable_default_gem_server ssl_verify_mode ssl_ca_cert ssl_client_cert'
  ).split(' '),
);

/** The `:sources` of the user's gemrc. */
export function gemrcSources(where: ClientContext): readonly string[] {
  const listed = knownValue([gemrcLayer(where)], ':sources');
  return Array.isArray(listed) ? listed.map(String) : [];
}

/** The settings in the text of a gemrc. Empty if RubyGems reports that the file is no valid YAML hash. */
export function gemrcValues(text: string): SettingValues {
  const values = converted(loadRubyYaml(text));
  const isOdd = [...values.keys()].some((name) =>
    // The colon of a symbol does not count.
    name
      .replace(/^:/, '')
      .replaceAll(/https?:\/\//g, '')
      .includes(': '),
  );
  return isOdd ? new Map() : values;
}

function converted(hash: RubyHash): Map<string, unknown> {
  const values = new Map<string, unknown>();
  for (const [name, value] of hash) {
    const isPlain = !name.startsWith(':') && (name.includes('__') || name.endsWith('/'));
    values.set(
      isPlain ? name.replaceAll('__', '.').replace(/\/$/, '') : name,
      convertedValue(value),
    );
  }
  return values;
}

function convertedValue(value: RubyValue): unknown {
  if (Array.isArray(value)) return value.length === 0 ? null : value;
  if (typeof value !== 'string') return value.size === 0 ? null : converted(value);
  if (value.startsWith(':')) return value;
  if (/^[+-]?\d+$/.test(value)) return Number(value);
  // The pattern of RubyGems takes what begins with "true" or ends with "false".
  if (value.startsWith('true') || value.endsWith('false')) return value === 'true';
  return value === '' ? null : value;
}
