/*
 * YAML as pnpm 12 reads it. pnpm 12 knows the type of each setting: `1e3` is a text if a text is expected, and `yes` is `true` for a
 * switch. So all scalars except null stay texts here.
 */
import { FAILSAFE_SCHEMA, Type, type Schema } from 'js-yaml';
import type { SettingValues } from '../layer.ts';
import { yamlValues } from '../yaml.ts';

let schema: Schema | undefined;

function nativeSchema(): Schema {
  const scalar = (name: string, construct: (text: string) => unknown, resolve?: RegExp): Type =>
    new Type(`tag:yaml.org,2002:${name}`, {
      kind: 'scalar',
      construct,
      ...(resolve !== undefined && { resolve: (text: string | null) => resolve.test(text ?? '') }),
    });
  return (schema ??= FAILSAFE_SCHEMA.extend({
    implicit: [
      scalar('null', () => null, /^(?:~|null|Null|NULL|)$/),
      scalar('merge', String, /^<<$/),
    ],
    explicit: [
      ...['bool', 'int', 'float', 'timestamp'].map((name) => scalar(name, String)),
      scalar('binary', (text) => Buffer.from(text, 'base64').toString('utf8')),
    ],
  }));
}

export function nativeYamlValues(text: string): SettingValues {
  const values = [...yamlValues(text, nativeSchema())];
  return new Map(values.map(([name, value]) => [name, valueOf(name, value)] as const));
}

function valueOf(name: string, value: unknown): unknown {
  if (isSwitch(name)) return switchOf(value);
  const isNumber = name === 'minimumReleaseAge' && /^\d[\d_]*$/.test(String(value));
  return isNumber ? Number(String(value).replaceAll('_', '')) : value;
}

function switchOf(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (/^(?:y|yes|true|on)$/i.test(value)) return true;
  return /^(?:n|no|false|off)$/i.test(value) ? false : value;
}

/** Settings that are used here, and are on or off. */
const SWITCHES: ReadonlySet<string> = new Set(
  (
    'blockExoticSubdeps dangerouslyAllowAllBuilds ignorePnpmfile ignoreScripts ignoreWorkspace managePackageManagerVersions ' +
    'packageManagerStrict packageManagerStrictVersion sharedWorkspaceLockfile strictDepBuilds verifyStoreIntegrity'
  ).split(' '),
);

/** Whether a setting is on or off, by its name in YAML. */
export function isSwitch(setting: string): boolean {
  return SWITCHES.has(setting);
}
