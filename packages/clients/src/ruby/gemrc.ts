/* Settings of RubyGems, without those that a distribution or a Ruby has compiled in. */
import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { fileLayer, readWithMark } from '../shared/files.ts';
import { knownValue, type SettingValues } from '../shared/layer.ts';
import type { ClientContext } from '../shared/where.ts';
import { textYamlValues } from '../shared/yaml.ts';

/**
 * The `:sources` of the user's gemrc.
 * @throws TarwardenError if a file cannot be read.
 */
export function gemrcSources(context: ClientContext): readonly string[] {
  const layers = gemrcFiles(context).flatMap((file) =>
    fileLayer(file, 'user', gemrcValues, readWithMark),
  );
  const sources = knownValue(layers, 'sources');
  return Array.isArray(sources) ? sources.map(String) : [];
}

/** A name may be a symbol, with a colon in front. */
function gemrcValues(text: string): SettingValues {
  const values = [...textYamlValues(text)];
  return new Map(values.map(([name, value]) => [name.replace(/^:/, ''), value]));
}

/** The strongest first. If GEMRC is set, even to an empty text, RubyGems reads the files that it names instead of the user's. */
function gemrcFiles({ env, folder, home, platform }: ClientContext): string[] {
  const config = env['XDG_CONFIG_HOME'] || join(home, '.config');
  const usual = [join(home, '.gemrc'), join(resolve(folder, config), 'gem', 'gemrc')];
  const userFiles = env['GEMRC']?.split(delimiter).toReversed() ?? [
    usual.find(existsSync) ?? usual[1]!,
  ];
  const shared =
    platform === 'win32' ? join(env['ProgramData'] || 'C:\\ProgramData', 'gemrc') : '/etc/gemrc';
  return [...userFiles.filter((file) => file !== '').map((file) => resolve(folder, file)), shared];
}
