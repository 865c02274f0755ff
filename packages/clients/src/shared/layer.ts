/* The files and variables in which a client looks for a setting, and their authors. */
import { TarwardenError } from '@tarwarden/core/errors';
import { printable } from '@tarwarden/core/text';

/** Settings by the name that the client has for them, in the one spelling that it takes. */
export type SettingValues = ReadonlyMap<string, unknown>;

/** The author of a settings file: the repository, or this user or the administrator of the machine. */
export type Author = 'user' | 'project';

export type AuthorOf = (file: string) => Author;

/** The source of a value. */
export type SettingOrigin =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'file'; readonly file: string; readonly author: Author };

/** One settings file, or all variables of the environment. */
export interface SettingsLayer {
  /** The settings as the client has them: with variables replaced. */
  readonly values: SettingValues;
  /** The settings as they are written. Absent if nothing is replaced. */
  readonly written?: SettingValues;
  origin(setting: string): SettingOrigin;
  /** The reason why the file could not be read. Then `values` is empty. */
  readonly unreadable?: string;
  /** Settings whose value is not known, with the reason. */
  readonly unknown?: ReadonlyMap<string, string>;
}

/** Layers from the strongest on. */
export type Layers = readonly SettingsLayer[];

export interface Setting {
  /** Undefined if it is not known. */
  readonly value: unknown;
  readonly origin: SettingOrigin;
  /** Why the value is not known. */
  readonly unknown?: string;
}

/** The setting in force, of layers from the strongest on. Undefined if no layer has it. */
export function lookUp(layers: Layers, setting: string): Setting | undefined {
  return lookUpAll(layers, setting)[0];
}

/** The setting in every layer that has it, the strongest first: a client may join lists. */
export function lookUpAll(layers: Layers, setting: string): readonly Setting[] {
  return layers.flatMap((layer) => inLayer(layer, setting) ?? []);
}

/** Whether the user or the administrator wrote a layer, and not the project. */
export function isOwn(layer: SettingsLayer): boolean {
  const origin = layer.origin('');
  return origin.kind !== 'file' || origin.author === 'user';
}

function inLayer(layer: SettingsLayer, setting: string): Setting | undefined {
  const origin = layer.origin(setting);
  const unknown = layer.unreadable ?? layer.unknown?.get(setting);
  if (unknown !== undefined) return { value: undefined, origin, unknown };
  return layer.values.has(setting) ? { value: layer.values.get(setting), origin } : undefined;
}

/**
 * The value in force. Undefined if no layer has it.
 * @throws TarwardenError if it is not known what a stronger file says.
 */
export function knownValue(layers: Layers, setting: string): unknown {
  const settingInForce = lookUp(layers, setting);
  if (settingInForce?.unknown === undefined) return settingInForce?.value;
  const message = `${settingInForce.unknown}, so it is not known what ${setting} is; correct the file, or remove it`;
  throw new TarwardenError('NOT_INSPECTED', printable(message));
}

/** The text of a setting in force. Undefined if it is not set, not known, empty, or no text. */
export function textOfSetting(layers: Layers, setting: string): string | undefined {
  const value = lookUp(layers, setting)?.value;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Variables of the environment that are settings. `readVariable` gives the name of the setting, and its value if that is not the text. */
export function variableLayer(
  env: Readonly<Record<string, string | undefined>>,
  readVariable: (variable: string, text: string) => string | readonly [string, unknown] | undefined,
): SettingsLayer {
  const values = new Map<string, unknown>();
  const names = new Map<string, string>();
  for (const [name, text = ''] of Object.entries(env)) {
    const [setting, value = text] = [readVariable(name, text) ?? []].flat();
    if (typeof setting !== 'string') continue;
    values.set(setting, value);
    names.set(setting, name);
  }
  return {
    values,
    origin: (setting) => ({ kind: 'variable', name: names.get(setting) ?? setting }),
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
