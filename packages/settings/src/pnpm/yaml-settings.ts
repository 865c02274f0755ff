/* Settings in YAML, and in the variables of pnpm 11 and 12. */
import { camel, variableLayer, type SettingsLayer, type SettingValues } from '../layer.ts';
import type { Variables } from '../where.ts';
import { yamlValues } from '../yaml.ts';
import { isSwitch, nativeYamlValues } from './native-yaml.ts';
import { empty, hasVariable, refuseUnset, withPnpmVariables } from './variables.ts';
import { majorOf } from './version.ts';

/** Settings that say where requests go. A project may not set them by a variable. */
const DESTINATIONS: ReadonlySet<string> = new Set(
  'pnprServer registry httpProxy httpsProxy noProxy proxy noproxy userAgent'.split(' '),
);

/** From 11 on, these settings of a project do not count. */
const NOT_A_PROJECTS: ReadonlySet<string> = new Set(
  (
    'configDir globalBinDir globalDir globalPkgDir npmrcAuthFile pnpmHomeDir stateDir userconfig bin dir rootProjectManifestDir ' +
    'workspaceDir authConfig userConfig configByUri packageManagerNetworkConfig packageManagerRegistries scope hooks finders ' +
    'rootProjectManifest cliOptions rawCliConfig explicitlySetKeys packageManager wantedPackageManager'
  ).split(' '),
);

/** pnpm 11 and 12 do not take these settings from the user's config.yaml. */
const NOT_A_USERS: ReadonlySet<string> = new Set(
  (
    'ignorePnpmfile pnpmfile lockfileDir sharedWorkspaceLockfile modulesDir pmOnFail configDependencies packages include ' +
    'ignoreWorkspace strictStorePkgContentCheck'
  ).split(' '),
);

/** Settings in which pnpm 12 replaces no variable. */
const PLAIN: ReadonlySet<string> = new Set(['pnpmfile', 'globalPnpmfile']);

interface YamlSettingsOptions {
  readonly env: Variables;
  /** The file is the user's config.yaml, and not a project's pnpm-workspace.yaml. */
  readonly isUsers: boolean;
}

/**
 * The settings in a YAML text, with variables replaced. A name has one spelling.
 * @throws an error for a text that pnpm refuses.
 */
export function yamlSettings(
  version: string,
  text: string,
  { env, isUsers }: YamlSettingsOptions,
): SettingValues {
  const isNew = majorOf(version) > 10;
  const isNative = majorOf(version) > 11;
  const whenUnset = isNative ? empty : refuseUnset;
  const read = isNative ? nativeYamlValues : yamlValues;
  const entries = [...read(text)].flatMap(([written, value]) => {
    // pnpm 11 looks for names of the user's file before it replaces variables in them.
    const name =
      isNative || (isNew && isUsers) ? written : withPnpmVariables(written, env, whenUnset);
    // pnpm 10 reads the settings in `__proto__`. pnpm 12 merges those in `<<`, if that is written `? <<` without quotes.
    if (name === '__proto__' || (name === '<<' && isNative && hasPlainMerge(text)))
      throw new TypeError(`${name} is no setting`);
    if (!/^[a-z][a-zA-Z0-9]*$/.test(name)) return [];
    // pnpm 12 takes `lockfileDir` from the user's file, unlike pnpm 11.
    const isKept = isNative && name === 'lockfileDir';
    if (isNew && !isKept && (isUsers ? NOT_A_USERS : NOT_A_PROJECTS).has(name)) return [];
    // Then pnpm 12 takes the registry of a weaker file.
    if (isNative && name === 'registry' && value === null) return [];
    if (typeof value !== 'string') return [[name, value] as const];
    if (!isUsers && DESTINATIONS.has(name) && hasVariable(value)) return [];
    if (isNative && PLAIN.has(name)) return [[name, value] as const];
    return [[name, withPnpmVariables(value, env, whenUnset)] as const];
  });
  return new Map(entries);
}

const hasPlainMerge = (text: string): boolean => text.replaceAll(/"<<"|'<<'/g, '').includes('<<');

/** `pnpm_config_minimum_release_age`, or all of it in capitals. */
export function pnpmVariables(version: string, env: Variables): SettingsLayer {
  const isNative = majorOf(version) > 11;
  // pnpm 12 asks for the name in capitals first.
  const ordered = Object.entries(env).toSorted(([name], [other]) => (name < other ? 1 : -1));
  return variableLayer(Object.fromEntries(ordered), (variable, text) => {
    const [, lower, upper] =
      /^(?:pnpm_config_([a-z0-9]+(?:_[a-z0-9]+)*)|PNPM_CONFIG_([A-Z0-9]+(?:_[A-Z0-9]+)*))$/.exec(
        variable,
      ) ?? [];
    const key = lower ?? upper;
    if (key === undefined || (isNative && text === '')) return undefined;
    const name = camel(key);
    if (isSwitch(name)) return /^(?:true|false)$/.test(text) ? [name, text === 'true'] : undefined;
    if (name === 'pnpmfile') return [name, textOrList(text, isNative)];
    return [name, isNative && !PLAIN.has(name) ? withPnpmVariables(text, env, empty) : text];
  });
}

/** pnpm 12 takes a list of pnpmfiles, or one in quotes, as JSON. */
function textOrList(text: string, isNative: boolean): unknown {
  if (!isNative || !/^["[]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
