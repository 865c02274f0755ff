/*
 * pnpm looks for a workspace in every folder above the project, of which /tmp or a shared folder may be one. It would load that user's
 * pnpmfile, or install what that user's settings say.
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
 * Settings that neither run code nor change what is installed, or from where. A file of another user with nothing else is no danger. A
 * test holds the list against the classification of all settings.
 */
export const HARMLESS: ReadonlySet<string> = new Set(
  (
    'aggregateOutput bail childConcurrency color confirmModulesPurge description gitChecks gitTagVersion heading initAuthorEmail ' +
    'initAuthorName initAuthorUrl initLicense initType initVersion json long message packGzipLevel parseable progress ' +
    'publishBranch reporterHidePrefix save saveExact savePrefix saveProd saveDev saveOptional savePeer saveWorkspaceProtocol ' +
    'signGitTag sort stream tagVersionPrefix umask unicode updateNotifier useStderr workspaceConcurrency'
  ).split(' '),
);

/** Files by which a version of pnpm runs code, or by which it installs something else or from elsewhere. */
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
