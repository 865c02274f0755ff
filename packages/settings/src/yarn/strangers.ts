import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { printable } from '@tarwarden/core/text';
import { foldersAbove, nearestWith } from '@tarwarden/host/folders-above';
import { realAsFar } from '@tarwarden/host/real-path';
import { fileLayer } from '../files.ts';
import { problemOfSettingsFile } from '../found-files.ts';
import type { Where } from '../where.ts';
import { yarnFiles } from './layers.ts';
import { yarnrcValues } from './yarnrc.ts';

/**
 * Settings by which a .yarnrc.yml names neither code nor a registry nor a folder, and switches no check off. All others count.
 * test/unit/settings/yarn-strangers.test.ts holds this list against every setting that Yarn knows.
 */
export const HARMLESS: ReadonlySet<string> = new Set(
  // Output.
  (
    'enableColors enableHyperlinks enableInlineBuilds enableInlineHunks enableMessageNames enableProgressBars enableTelemetry enableTimers ' +
    'enableTips lastUpdateCheck preferAggregateCacheInfo preferInteractive preferTruncatedLines progressBarStyle telemetryInterval ' +
    'telemetryUserId ' +
    // How packages and projects are made and published.
    'changesetBaseRefs changesetIgnorePatterns enableCacheClean enableConstraintsChecks initEditorConfig initFields initScope npmPublishAccess ' +
    'npmPublishProvenance preferDeferredVersions tsEnableAutoTypes npmAuditExcludePackages npmAuditIgnoreAdvisories ' +
    // How packages are laid out.
    'minizip nmHoistingLimits nmMode nmSelfReferences nodeExperimentalPackageMap nodeLinker nodePackageMapType pnpEnableEsmLoader ' +
    'pnpEnableInlining pnpFallbackMode pnpIgnorePatterns pnpMode pnpZipBackend pnpmInstallConcurrency winLinkType ' +
    // How much is asked at once, how often, and whether at all.
    'cloneConcurrency enableNetwork enableOfflineMode httpRetry httpTimeout networkConcurrency taskPoolConcurrency taskPoolMode ' +
    // Which versions of a registry are chosen, and for which platform.
    'defaultLanguageName defaultSemverRangePrefix enableTransparentWorkspaces preferReuse supportedArchitectures ' +
    // How archives are kept. They are compared with the lockfile all the same.
    'cacheMigrationMode compressionLevel enableGlobalCache enableMirror immutablePatterns'
  ).split(' '),
);

/** Names of settings in a message. */
const SHOWN = 10;

/** A settings file that another user can write, and that decides what is installed. */
export interface StrangersFile {
  /** Which file it is, and whose, as a clause that is safe for a terminal. */
  readonly problem: string;
  /** Some of what Yarn would take from it, safe for a terminal. */
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
    if (settings.length > 0)
      return { problem, settings: settings.slice(0, SHOWN).map((name) => printable(name, 60)) };
  }
  return undefined;
}

/** A package.json of another user in the folder that Yarn takes for the root of the project: the nearest with a lockfile, else the topmost package. */
export function strangersYarnProject(where: Where): StrangersFile | undefined {
  const start = realAsFar(where.folder);
  const packages = foldersAbove(start).filter((one) => existsSync(join(one, 'package.json')));
  const root = nearestWith(start, ['yarn.lock']) ?? packages.at(-1) ?? start;
  const problem = problemOfSettingsFile(join(root, 'package.json'), where);
  return problem === undefined ? undefined : { problem, settings: ['scripts', 'dependencies'] };
}

function decides(name: string, { env }: Where): boolean {
  if (name === 'yarnPath' && /^(?:1|true)$/.test(env['YARN_IGNORE_PATH'] ?? '')) return false;
  // The plugin believes no other user's file.
  return !HARMLESS.has(name) && !name.startsWith('tarwarden');
}
