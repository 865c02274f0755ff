/* Settings of Bundler 2 and newer. */
import { join, resolve } from 'node:path';
import { foldersAbove } from '@tarwarden/guard/folders-above';
import { fileLayer, isFile, readWithMark } from '../shared/files.ts';
import {
  knownValue,
  variableLayer,
  type SettingsLayer,
  type SettingValues,
  type Layers,
} from '../shared/layer.ts';
import type { ClientContext } from '../shared/where.ts';
import { textYamlValues } from '../shared/yaml.ts';

/** Variables, and the user's file, by Bundler's keys. */
export function bundlerUserLayers(context: ClientContext): SettingsLayer[] {
  const variables = variableLayer(context.env, (name) =>
    name.startsWith('BUNDLE_') && name !== 'BUNDLE_' ? name : undefined,
  );
  // A variable that is empty counts as well.
  if (context.env['BUNDLE_IGNORE_CONFIG'] !== undefined) return [variables];
  return [variables, ...fileLayer(userFile(context), 'user', bundlerValues, readWithMark)];
}

function userFile({ env, folder, home }: ClientContext): string {
  const file = env['BUNDLE_CONFIG'] || env['BUNDLE_USER_CONFIG'];
  if (file) return resolve(folder, file);
  const userHome = env['BUNDLE_USER_HOME'];
  return userHome ? resolve(folder, userHome, 'config') : join(home, '.bundle', 'config');
}

/** The folder in which Bundler keeps indexes and shared gems. */
export function bundlerCache({ env, folder, home }: ClientContext): string {
  const userHome = resolve(folder, env['BUNDLE_USER_HOME'] || join(home, '.bundle'));
  return resolve(folder, env['BUNDLE_USER_CACHE'] || join(userHome, 'cache'));
}

/** The Gemfile: that of BUNDLE_GEMFILE, or the nearest one in the folder or above it. */
export function bundlerGemfile({ env, folder }: ClientContext): string | undefined {
  const gemfile = env['BUNDLE_GEMFILE'];
  if (gemfile) return resolve(folder, gemfile);
  return foldersAbove(folder)
    .flatMap((at) => [join(at, 'gems.rb'), join(at, 'Gemfile')])
    .find(isFile);
}

/** The settings in a file, by the keys that Bundler makes of those in it. */
export function bundlerValues(text: string): SettingValues {
  const values = new Map<string, unknown>();
  for (const [written, value] of textYamlValues(text)) {
    const isAddress = /https?:/i.test(written);
    const isWhole = written.endsWith('/') || written.endsWith('__FALLBACK_TIMEOUT');
    const key = (isAddress && !isWhole ? `${written}/` : written).replaceAll('.', '__');
    if (!key.startsWith('#')) values.set(key.replaceAll('-', '___'), value);
  }
  return values;
}

/** Bundler::Settings.key_for: `BUNDLE_MIRROR__HTTPS://RUBYGEMS__ORG/` for `mirror.https://rubygems.org`. */
export function bundlerKey(name: string): string {
  const isAddress = /^(?:mirror\.)?http/.test(name);
  const whole =
    isAddress && !name.endsWith('/') && !/\.fallback_timeout$/i.test(name) ? `${name}/` : name;
  return `BUNDLE_${whole.replaceAll('.', '__').replaceAll('-', '___').toUpperCase()}`;
}

/** The name that Bundler makes of a key. */
export function bundlerName(key: string): string {
  return key
    .replace(/^BUNDLE_/, '')
    .replaceAll('___', '-')
    .replaceAll('__', '.')
    .toLowerCase();
}

/** A setting that Bundler takes as a text. */
export function bundlerText(layers: Layers, name: string): string | undefined {
  const value = knownValue(layers, bundlerKey(name));
  return typeof value === 'string' ? value : undefined;
}

/** All names that a layer has a setting for. */
export function bundlerNames(layers: Layers): string[] {
  return [...new Set(layers.flatMap(({ values }) => [...values.keys()]).map(bundlerName))];
}

/** The address that Bundler asks in place of a source: the mirror for all sources, or else that for the source, or else that for its host. */
export function bundlerMirror(layers: Layers, source: string): string {
  const address = URL.canParse(source) ? new URL(source) : undefined;
  const mirror = ['all', source.toLowerCase(), address?.hostname]
    .map((name) => (name === undefined ? undefined : bundlerText(layers, `mirror.${name}`)))
    .find((mirrorUrl) => mirrorUrl !== undefined && URL.canParse(mirrorUrl));
  if (mirror === undefined) return source;
  return mirror.endsWith('/') ? mirror : `${mirror}/`;
}
