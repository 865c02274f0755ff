import { join } from 'node:path';
import { realAsFar } from '@tarwarden/host/real-path';
import { settingsFile, wholeFile, type FoundFile } from '../strangers.ts';
import type { ClientContext } from '../where.ts';
import { yarnFiles, yarnRoot } from './layers.ts';
import { yarnrcValues } from './yarnrc.ts';

/**
 * Settings of a .yarnrc.yml that name neither code nor a registry nor a folder, and switch no check off. All others count.
 * test/unit/settings/yarn-strangers.test.ts compares this list with every setting that Yarn knows.
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

/** Settings files that Yarn 3 and 4 would read, the nearest first. Only in the home folder do they look for other names. */
export function yarnFoundFiles(where: ClientContext): readonly FoundFile[] {
  return yarnFiles(where).map(({ file }) =>
    settingsFile(file, yarnrcValues, (name) => decides(name, where)),
  );
}

/** The package.json in the root of the project. */
export function yarnFoundProject({ folder }: ClientContext): FoundFile {
  const root = yarnRoot(realAsFar(folder));
  return wholeFile(join(root, 'package.json'), 'scripts', 'dependencies');
}

function decides(name: string, { env }: ClientContext): boolean {
  if (name === 'yarnPath' && /^(?:1|true)$/.test(env['YARN_IGNORE_PATH'] ?? '')) return false;
  // The plugin believes no other user's file.
  return !HARMLESS.has(name) && !name.startsWith('tarwarden');
}
