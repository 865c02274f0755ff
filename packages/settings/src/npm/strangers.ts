/* Files of another user that npm would take for the project's. */
import { join } from 'node:path';
import { asRecord, readText } from '../files.ts';
import { problemOfSettingsFile } from '../found-files.ts';
import { isGlobalNpm, npmLayers, npmProject, npmRoots, type NpmRun } from './layers.ts';

/**
 * Settings by which an .npmrc names neither code nor a registry nor a folder, and switches no check off. All others count.
 * test/unit/settings/npm-strangers.test.ts holds this list against every setting that npm knows.
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

/** A file that another user can write, and that decides what is installed. */
export interface StrangersNpmFile {
  /** Which file it is, and whose, as a clause that is safe for a terminal. */
  readonly problem: string;
  /** What npm would take from it. */
  readonly settings: readonly string[];
}

/** The first such file that npm would read here. */
export function strangersNpmFile(run: NpmRun): StrangersNpmFile | undefined {
  if (isGlobalNpm(run)) return undefined;
  const files = npmRoots(run).flatMap((root) => [
    { file: join(root, 'package.json'), settingsIn: fieldsOf },
    ...['.npm-extension.mjs', '.npm-extension.cjs'].map((name) => ({
      file: join(root, name),
      settingsIn: () => ['code'],
    })),
  ]);
  const npmrcs = npmLayers(run)
    .flat()
    .flatMap((layer) => {
      const origin = layer.origin('');
      if (origin.kind !== 'file' || origin.author !== 'other-user') return [];
      const { values, unreadable } = layer;
      const settings = unreadable === undefined ? [...values.keys()] : [UNREADABLE];
      return [
        { file: origin.file, settingsIn: () => settings.filter((name) => !HARMLESS.has(name)) },
      ];
    });
  for (const { file, settingsIn } of [...npmrcs, ...files]) {
    const problem = problemOfSettingsFile(file, npmProject(run));
    const settings = problem === undefined ? [] : settingsIn(file);
    if (problem !== undefined && settings.length > 0) return { problem, settings };
  }
  return undefined;
}

const UNREADABLE = 'settings that tarwarden cannot read';

function fieldsOf(file: string): readonly string[] {
  const read = readText(file);
  if (read === undefined) return [];
  if ('unreadable' in read) return [UNREADABLE];
  try {
    const fields = Object.entries(asRecord(JSON.parse(read.text)));
    return fields.map(([name]) => name).filter((name) => !HARMLESS_FIELDS.has(name));
  } catch {
    return []; // npm stops at it.
  }
}
