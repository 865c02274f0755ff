import { fileLayer } from '../files.ts';
import { problemOfSettingsFile } from '../found-files.ts';
import type { Where } from '../where.ts';
import { yarnFiles } from './layers.ts';
import { yarnrcValues } from './yarnrc.ts';

/**
 * Settings of Yarn 3 and 4 by which a file names code, a registry or a store, or leaves a check out. The others say how things look and
 * are laid out. test/unit/settings/yarn-strangers.test.ts holds this list against every setting that Yarn knows.
 */
export const DECIDES: ReadonlySet<string> = new Set(
  // Code.
  (
    'plugins yarnPath injectEnvironmentFiles enableScripts pnpShebang packageExtensions patchFolder constraintsPath catalog catalogs ' +
    'approvedGitRepositories defaultProtocol lockfileFilename logFilters ignorePath ignoreCwd enableStrictSettings ' +
    // Registries, and the way to them.
    'npmRegistryServer npmScopes npmRegistries npmAuthToken npmAuthIdent npmAlwaysAuth npmPublishRegistry npmAuditRegistry caFilePath ' +
    'httpsCaFilePath httpsCertFilePath httpsKeyFilePath httpProxy httpsProxy networkSettings enableStrictSsl unsafeHttpWhitelist ' +
    // Stores and caches.
    'cacheFolder globalFolder installStatePath pnpDataPath pnpUnpluggedFolder pnpmStoreFolder virtualFolder deferredVersionFolder ' +
    // Checks.
    'checksumBehavior cacheKeyOverride enableHardenedMode enableImmutableCache enableImmutableInstalls npmMinimalAgeGate npmPreapprovedPackages'
  ).split(' '),
);

/** A settings file that another user can write, and that decides what is installed. */
export interface StrangersFile {
  /** Which file it is, and whose, as a clause that is safe for a terminal. */
  readonly problem: string;
  /** What Yarn would take from it. */
  readonly settings: readonly string[];
}

/** The nearest such file that Yarn 3 and 4 would read here. */
export function strangersYarnFile(where: Where): StrangersFile | undefined {
  // Only in the home folder do they look for other names.
  for (const { file } of yarnFiles(where)) {
    const problem = problemOfSettingsFile(file, where);
    if (problem === undefined) continue;
    const [layer] = fileLayer(file, 'other-user', yarnrcValues);
    const settings =
      layer?.unreadable === undefined
        ? [...(layer?.values.keys() ?? [])].filter((name) => decides(name, where))
        : ['settings that tarwarden cannot read'];
    if (settings.length > 0) return { problem, settings };
  }
  return undefined;
}

function decides(name: string, { env }: Where): boolean {
  if (name === 'yarnPath' && /^(?:1|true)$/.test(env['YARN_IGNORE_PATH'] ?? '')) return false;
  return DECIDES.has(name);
}
