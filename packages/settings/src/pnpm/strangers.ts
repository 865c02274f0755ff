/*
 * pnpm looks for a workspace in every folder above the project, such as /tmp or a shared folder. If another user has put one there, pnpm
 * would load that user's pnpmfile, or install packages by that user's settings.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { asRecord } from '../files.ts';
import type { SettingValues } from '../layer.ts';
import { otherUsersFiles, settingsFile, wholeFile, type FoundFile } from '../strangers.ts';
import type { ClientContext } from '../where.ts';
import { MANIFESTS, pnpmFolders, WORKSPACE } from './layers.ts';
import { pluginPnpmfile, pnpmLoading } from './pnpmfiles.ts';

/**
 * Settings that neither run code nor change the installed packages or their sources. A file of another user with only these is harmless. A
 * test compares the list with the classification of all settings.
 */
export const HARMLESS: ReadonlySet<string> = new Set(
  (
    'aggregateOutput bail childConcurrency color confirmModulesPurge description gitChecks gitTagVersion heading initAuthorEmail ' +
    'initAuthorName initAuthorUrl initLicense initType initVersion json long message packGzipLevel parseable progress ' +
    'publishBranch reporterHidePrefix save saveExact savePrefix saveProd saveDev saveOptional savePeer saveWorkspaceProtocol ' +
    'signGitTag sort stream tagVersionPrefix umask unicode updateNotifier useStderr workspaceConcurrency'
  ).split(' '),
);

/** Files that make a version of pnpm run code, install other packages, or use other sources. */
export function pnpmFoundFiles(version: string, where: ClientContext): readonly FoundFile[] {
  return [
    ...pnpmLoading(version, where).flatMap(({ folder, pnpmfiles, configDependencies, layers }) => [
      ...pnpmfiles.map((file) => wholeFile(file, 'code')),
      ...configDependencies
        .flatMap((name) => pluginPnpmfile(folder, name) ?? [])
        .map((file) => wholeFile(file, 'code')),
      ...otherUsersFiles(layers, (name) => !HARMLESS.has(name)),
    ]),
    ...pnpmFolders(version, where).flatMap(({ workspace }) =>
      workspace === undefined || !existsSync(join(workspace, WORKSPACE))
        ? []
        : MANIFESTS.map((name) => settingsFile(join(workspace, name), scriptsOf, () => true)),
    ),
  ];
}

/** A manifest in another format than JSON cannot be read, and may have some. */
function scriptsOf(text: string): SettingValues {
  const { scripts } = asRecord(JSON.parse(text));
  return new Map(Object.keys(asRecord(scripts)).map((name) => [`scripts.${name}`, true]));
}
