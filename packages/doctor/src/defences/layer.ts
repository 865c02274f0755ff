/* Where a manager looks for a setting, and what it finds there. */
import type { Source } from './defence.ts';

export type Values = ReadonlyMap<string, unknown>;

/** One file, or all variables. */
export interface Layer {
  /** By the name that the manager takes there. */
  readonly values: Values;
  /** Of what is set there. */
  source(setting: string): Source;
  /** Why nothing is known of it. */
  readonly unreadable?: string;
}

export type Found =
  | { readonly value: unknown; readonly source: Source }
  | { readonly unknown: string; readonly source: Source };

/** The value in force, of layers from the strongest on; undefined where none sets it. */
export function lookUp(layers: readonly Layer[], setting: string): Found | undefined {
  return lookUpAll(layers, setting)[0];
}

/** The layers that decide about a setting or are stronger than the one that does; all where none sets it. */
export function downTo(layers: readonly Layer[], setting: string): readonly Layer[] {
  const last = layers.findIndex((layer) => inLayer(layer, setting) !== undefined);
  return last < 0 ? layers : layers.slice(0, last + 1);
}

/** What every layer sets: a manager may join lists. */
export function lookUpAll(layers: readonly Layer[], setting: string): readonly Found[] {
  return layers.flatMap((layer) => inLayer(layer, setting) ?? []);
}

function inLayer(layer: Layer, setting: string): Found | undefined {
  const source = layer.source(setting);
  if (layer.unreadable !== undefined) return { unknown: layer.unreadable, source };
  const names = [...layer.values.keys()];
  if (names.some((name) => name.includes('${')))
    return { unknown: 'a name there has a variable', source };
  // Some versions take a name in another spelling, also where it is there in this one.
  const plain = plainName(setting);
  const other = names.find((name) => name !== setting && plainName(name) === plain);
  if (other !== undefined) return { unknown: `it is spelled ${other} there`, source };
  if (!layer.values.has(setting)) return undefined;
  const value = layer.values.get(setting);
  return typeof value === 'string' && value.includes('${')
    ? { unknown: 'its value has a variable', source }
    : { value, source };
}

function plainName(name: string): string {
  return name.replaceAll(/[-_]/g, '').toLowerCase();
}

/** Variables that are settings, by the name of the setting. */
export function variableLayer(
  env: NodeJS.ProcessEnv,
  settingOf: (variable: string, value: string) => string | undefined,
): Layer {
  const values = new Map<string, unknown>();
  const names = new Map<string, string>();
  for (const [name, value = ''] of Object.entries(env)) {
    const setting = settingOf(name, value);
    if (setting === undefined) continue;
    values.set(setting, value);
    names.set(setting, name);
  }
  return {
    values,
    source: (setting) => ({ kind: 'variable', name: names.get(setting) ?? setting }),
  };
}

/** `minimumReleaseAge` as .npmrc has it. */
export function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `MINIMUM_RELEASE_AGE` and `minimum-release-age` as YAML has them. */
export function camel(name: string): string {
  return name.toLowerCase().replaceAll(/[-_](\w)/g, (_, letter: string) => letter.toUpperCase());
}
