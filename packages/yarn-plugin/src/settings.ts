import { homedir } from 'node:os';
import {
  Configuration,
  SettingsType,
  type ConfigurationDefinitionMap,
  type miscUtils,
} from '@yarnpkg/core';
import { npath, type PortablePath } from '@yarnpkg/fslib';

/** The same fields as in tarwarden.json. The core checks them. */
const EXCEPTION_FIELDS = ['package', 'rule', 'entry', 'sha512', 'reason', 'expires'] as const;

type ExceptionSetting = Record<(typeof EXCEPTION_FIELDS)[number], string | null>;

declare module '@yarnpkg/core' {
  interface ConfigurationValueMap {
    tarwardenRequired: boolean;
    tarwardenPolicy: string | null;
    tarwardenLinks: string;
    tarwardenExceptions: miscUtils.ToMapValue<ExceptionSetting>[];
    tarwardenStrict: boolean;
    /** Settings of Yarn's own plugins, whose types are not loaded here. Yarn 3 lacks only the last. */
    pnpUnpluggedFolder: PortablePath;
    nmMode: string;
    nodeLinker: string;
    pnpmStoreFolder: PortablePath;
  }
}

type Ours = Extract<keyof ConfigurationDefinitionMap, `tarwarden${string}`>;

/** Declares the settings so that Yarn accepts them. {@link readYarnSettings} reads their values from the files. */
export const configuration: Pick<ConfigurationDefinitionMap, Ours> = {
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
    properties: Object.fromEntries(
      EXCEPTION_FIELDS.map((description) => [
        description,
        { description, type: SettingsType.STRING, default: null, isNullable: true },
      ]),
    ) as ConfigurationDefinitionMap<ExceptionSetting>,
  },
  tarwardenStrict: {
    description:
      'Fetch the tarball of a cached archive that this machine never inspected, and inspect it',
    type: SettingsType.BOOLEAN,
    default: false,
  },
};

/** The guard's settings in Yarn's rc files. Paths are native. */
export interface YarnPolicySettings {
  readonly policies: readonly {
    readonly origin: string;
    readonly own: boolean;
    readonly value?: unknown;
    readonly file?: string;
  }[];
  readonly strict: boolean;
}

/**
 * Reads the settings from the rc files, because only the user's own file may loosen the policy. `configuration.get` does not say which
 * file a setting comes from, and prefers the environment to all files. The environment can only switch strict mode on.
 */
export async function readYarnSettings(yarn: Configuration): Promise<YarnPolicySettings> {
  const home = npath.toPortablePath(homedir());
  const rcFiles = [...(await Configuration.findRcFiles(yarn.startingCwd)), await ownFile(home)];
  const files = new Map(rcFiles.flatMap((file) => (file ? [[file.path, file] as const] : [])));
  const policies: { origin: string; own: boolean; value?: unknown; file?: string }[] = [];
  let strict = yarn.get('tarwardenStrict');
  for (const { path, cwd, data } of files.values()) {
    const settings = (typeof data === 'object' && data !== null ? data : {}) as Record<
      string,
      unknown
    >;
    const origin = npath.fromPortablePath(path);
    const isOwn = cwd === home;
    const value = {
      ...(settings['tarwardenLinks'] !== undefined && { links: settings['tarwardenLinks'] }),
      ...(settings['tarwardenExceptions'] !== undefined && {
        exceptions: settings['tarwardenExceptions'],
      }),
    };
    if (Object.keys(value).length > 0) policies.push({ origin, own: isOwn, value });
    const policy = settings['tarwardenPolicy'];
    if (typeof policy === 'string' && policy !== '') {
      const file = npath.resolve(npath.fromPortablePath(cwd), policy);
      policies.push({ origin, own: isOwn, file });
    }
    if (settings['tarwardenStrict'] === 'true' || settings['tarwardenStrict'] === true)
      strict = true;
  }
  return { policies, strict };
}

/** The user's own file. Yarn 4 has a function to find it; in Yarn 3, it is among the files for the home folder. */
async function ownFile(home: PortablePath): Promise<RcFile | null | undefined> {
  const yarn: Partial<Pick<typeof Configuration, 'findFolderRcFile'>> = Configuration;
  if (yarn.findFolderRcFile !== undefined) return yarn.findFolderRcFile(home);
  return (await Configuration.findRcFiles(home)).find(({ cwd }) => cwd === home);
}

interface RcFile {
  readonly path: PortablePath;
  readonly cwd: PortablePath;
  readonly data: unknown;
}
