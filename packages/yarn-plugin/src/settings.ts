import { homedir } from 'node:os';
import { Configuration, SettingsType, type ConfigurationDefinitionMap } from '@yarnpkg/core';
import { npath, type PortablePath } from '@yarnpkg/fslib';

/** Declared so that Yarn accepts them; what counts is read out of the files themselves by {@link readSettings}. */
export const configuration: Record<string, unknown> = {
  tarwardenRequired: {
    description: 'Does nothing but make Yarn refuse to run once the plugin is gone',
    type: SettingsType.BOOLEAN,
    default: false,
  },
  tarwardenPolicy: {
    description: 'A further policy file (the schema of tarwarden.json), relative to this file',
    type: SettingsType.STRING,
    default: null,
    isNullable: true,
  },
  tarwardenLinks: {
    description: 'Links in packages: `reject`, or `contained` (in ~/.yarnrc.yml only)',
    type: SettingsType.STRING,
    default: 'reject',
  },
  tarwardenExceptions: {
    description: 'Exceptions, as in tarwarden.json',
    type: SettingsType.SHAPE,
    isArray: true,
    default: [],
    properties: Object.fromEntries(
      ['package', 'rule', 'entry', 'sha512', 'reason', 'expires'].map((name) => [
        name,
        { description: name, type: SettingsType.STRING, default: null, isNullable: true },
      ]),
    ),
  },
  tarwardenStrict: {
    description:
      'Fetch the tarball of a cached archive that this machine never judged, and judge it',
    type: SettingsType.BOOLEAN,
    default: false,
  },
} satisfies Partial<Record<string, unknown>> as Partial<ConfigurationDefinitionMap> as Record<
  string,
  unknown
>;

/** What the rc files say, each with the rights of its file. Paths are native. */
export interface Settings {
  readonly policies: readonly {
    readonly origin: string;
    readonly own: boolean;
    readonly value?: unknown;
    readonly file?: string;
  }[];
  readonly strict: boolean;
}

/**
 * Reads the settings out of the rc files. Not through `configuration.get`: there the environment wins over every file,
 * and nothing tells a repository's file from the user's own, which alone may loosen. The environment can only
 * switch strict mode on.
 */
export async function readSettings(yarn: Configuration): Promise<Settings> {
  const home = npath.toPortablePath(homedir());
  const files = new Map<string, { path: PortablePath; cwd: PortablePath; data: unknown }>();
  for (const start of [yarn.startingCwd, home]) {
    for (const file of await Configuration.findRcFiles(start)) {
      // Searching upwards from the home folder finds what is above it, too, which is nobody's to set.
      if (start === home && file.cwd !== home) continue;
      files.set(file.path, file);
    }
  }
  const policies: { origin: string; own: boolean; value?: unknown; file?: string }[] = [];
  let strict = yarn.get('tarwardenStrict' as never) === true;
  for (const { path, cwd, data } of files.values()) {
    const all = (typeof data === 'object' && data !== null ? data : {}) as Record<string, unknown>;
    const origin = npath.fromPortablePath(path);
    const own = cwd === home;
    const value = {
      ...(all['tarwardenLinks'] !== undefined && { links: all['tarwardenLinks'] }),
      ...(all['tarwardenExceptions'] !== undefined && { exceptions: all['tarwardenExceptions'] }),
    };
    if (Object.keys(value).length > 0) policies.push({ origin, own, value });
    const policy = all['tarwardenPolicy'];
    if (typeof policy === 'string' && policy !== '') {
      const file = npath.resolve(npath.fromPortablePath(cwd), policy);
      policies.push({ origin, own, file });
    }
    if (all['tarwardenStrict'] === 'true' || all['tarwardenStrict'] === true) strict = true;
  }
  return { policies, strict };
}
