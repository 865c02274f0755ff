import { join } from 'node:path';
import { asRecord } from '../files.ts';
import type { SettingValues } from '../layer.ts';
import { otherUsersFiles, settingsFile, wholeFile, type FoundFile } from '../strangers.ts';
import { isGlobalNpm, npmLayers, npmRoots, type NpmRun } from './layers.ts';

/**
 * Settings of an .npmrc that name neither code nor a registry nor a folder, and switch no check off. All others count.
 * test/unit/settings/npm-strangers.test.ts compares this list with every setting that npm knows.
 */
export const HARMLESS: ReadonlySet<string> = new Set(
  // Output.
  (
    'all audit audit-level color depth description diff diff-dst-prefix diff-ignore-all-space diff-name-only diff-no-prefix ' +
    'diff-src-prefix diff-text diff-unified expect-result-count expect-results fund heading if-present json loglevel logs-max long ' +
    'message parseable progress sbom-format sbom-type searchexclude searchlimit searchopts searchstaleness timing unicode ' +
    'update-notifier usage version versions which yes ' +
    // How packages, tokens and projects are made and published.
    'access allow-same-version auth-type bypass-2fa cidr commit-hooks edit-dir expires git-tag-version global-ignore-file ' +
    'ignore-existing include-attestations include-staged init-author-email init-author-name init-author-url init-license ' +
    'init-private init-type init-version init.author.email init.author.name init.author.url init.license init.version ' +
    'keep-edit-dir name orgs orgs-permission otp pack-destination packages packages-all packages-and-scopes-permission password ' +
    'preid provenance provenance-file read-only scopes sign-git-commit sign-git-tag tag-version-prefix to token-description ' +
    // How package.json and the lockfile are written.
    'allow-scripts-pending allow-scripts-pin format-package-lock lockfile-version save save-bundle save-dev save-exact save-optional ' +
    'save-peer save-prefix save-prod strict-npmrc omit-lockfile-registry-resolved patches-dir allow-unused-patches ' +
    'ignore-patch-failures ' +
    // When npm fails.
    'engine-strict legacy-peer-deps strict-peer-deps'
  ).split(' '),
);

/** Fields of a package.json that run nothing, and install nothing. */
const HARMLESS_FIELDS: ReadonlySet<string> = new Set(
  (
    'name version description keywords homepage bugs license licenses author contributors funding files main module type types ' +
    'browser exports imports repository private publishConfig engines sideEffects'
  ).split(' '),
);

/** Files that npm would take for the project's. */
export function npmFoundFiles(run: NpmRun): readonly FoundFile[] {
  if (isGlobalNpm(run)) return [];
  return [
    ...otherUsersFiles(npmLayers(run).flat(), (name) => !HARMLESS.has(name)),
    ...npmRoots(run).flatMap((root) => [
      settingsFile(join(root, 'package.json'), fieldsOf, (name) => !HARMLESS_FIELDS.has(name)),
      wholeFile(join(root, '.npm-extension.mjs'), 'code'),
      wholeFile(join(root, '.npm-extension.cjs'), 'code'),
    ]),
  ];
}

function fieldsOf(text: string): SettingValues {
  try {
    return new Map(Object.entries(asRecord(JSON.parse(text))));
  } catch {
    return new Map(); // npm stops at it.
  }
}
