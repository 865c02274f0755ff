/* Reads the requests of a project: its package.json files, and settings of pnpm and Yarn. The lockfile names the folders, which may be anywhere. */
import { dirname, join, resolve } from 'node:path';
import { MAX_MANIFEST_FILE_BYTES } from '@tarwarden/core/limits';
import { printable, quote } from '@tarwarden/core/text';
import { errnoOf, isMissing, isWithin, readBounded, realAsFar } from '@tarwarden/guard';
import type { Lockfile } from '@tarwarden/clients/lockfiles';
import { yamlValues, yarnrcValues, type SettingValues } from '@tarwarden/clients/settings';
import { realFoldersIn } from '../lockfile-files.ts';
import { Addresses } from './addresses.ts';
import {
  catalogsOf,
  parseProjectManifest,
  overridesOf,
  type Catalogs,
  type ProjectManifest,
} from './manifest.ts';

/** Packages of one project. Large monorepos have some 2,000. */
const MANIFESTS_MAX = 20_000;

/** The requests of a project, apart from its lockfile. */
export interface ProjectRequests {
  /** Ranges by name, by the folder of the package that asks, as the lockfile names it. Only for folders that exist. */
  readonly importers: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Names that the project overrides with other packages or versions. */
  readonly overridden: ReadonlySet<string>;
  readonly addresses: Addresses;
  /** The names of the project's packages. */
  readonly names: ReadonlySet<string>;
  /** Whether the project may have more packages, with unknown names. */
  readonly hasOthers: boolean;
  /** Whether Yarn 1 keeps archives of a registry in a folder of the project. */
  readonly hasOfflineMirror: boolean;
  /** The name in the package.json of a folder. Undefined if there is none. */
  packageNameIn(folder: string): string | undefined;
  /** Files that could not be read, so that some requests are not known. */
  readonly problems: readonly string[];
}

/**
 * @param path The path of the lockfile.
 * @param within The folder of the whole project. Files elsewhere are not read.
 */
export function requestsBeside(path: string, lockfile: Lockfile, within: string): ProjectRequests {
  const files = new ProjectFiles(dirname(path), within);
  const importers = new Map<string, ProjectManifest>();
  const root = files.manifest('');
  const workspaces =
    lockfile.kind === 'yarn-classic'
      ? workspacesIn(files.folder, root?.workspaces ?? [])
      : { folders: [], isOpen: false };
  const folders = [
    ...lockfile.importers,
    ...workspaces.folders,
    ...lockfile.packages.flatMap(({ source }) => (source.type === 'folder' ? [source.path] : [])),
  ];
  if (folders.length > MANIFESTS_MAX)
    files.problems.push(`it names more than ${MANIFESTS_MAX} folders of the project`);
  if (root !== undefined) importers.set('', root);
  for (const folder of new Set(folders.slice(0, MANIFESTS_MAX))) {
    if (folder === '') continue;
    const manifest = files.manifest(folder);
    if (manifest !== undefined) importers.set(folder, manifest);
  }
  return requestsOf(importers, files, workspaces);
}

function requestsOf(
  importers: ReadonlyMap<string, ProjectManifest>,
  files: ProjectFiles,
  { isOpen }: Workspaces,
): ProjectRequests {
  const root = importers.get('');
  const workspace = [
    files.settings('pnpm-workspace.yaml', yamlValues),
    files.settings('.yarnrc.yml', yarnrcValues),
  ];
  const overrides = [
    ...(root?.overrides ?? []),
    ...workspace.flatMap((file) => overridesOf(file?.['overrides'], { nested: false })),
  ];
  const catalogs: Catalogs = new Map([
    ...(root?.catalogs ?? []),
    ...workspace.flatMap((file) => [...catalogsOf(file)]),
  ]);
  const ranges = new Map(
    [...importers].map(([folder, { dependencies }]) => [
      folder,
      new Map([...dependencies].map(([name, range]) => [name, ofCatalog(name, range, catalogs)])),
    ]),
  );
  const addresses = new Addresses();
  for (const byName of ranges.values()) for (const range of byName.values()) addresses.add(range);
  for (const { by } of overrides) addresses.add(by);
  return {
    importers: ranges,
    overridden: new Set(overrides.map(({ name }) => name)),
    addresses,
    names: new Set([...importers.values()].map(({ name }) => name)),
    hasOthers: isOpen,
    hasOfflineMirror: files.hasOfflineMirror(),
    packageNameIn: (folder) => (importers.get(folder) ?? files.manifest(folder))?.name,
    problems: files.problems,
  };
}

function ofCatalog(name: string, range: string, catalogs: Catalogs): string {
  const catalog = /^catalog:(.*)$/s.exec(range)?.[1]?.trim();
  if (catalog === undefined) return range;
  return catalogs.get(catalog === '' ? 'default' : catalog)?.get(name) ?? range;
}

class ProjectFiles {
  readonly problems: string[] = [];
  readonly folder: string;
  readonly #root: string;

  constructor(folder: string, root: string) {
    this.folder = resolve(folder);
    this.#root = realAsFar(root);
  }

  manifest(folder: string): ProjectManifest | undefined {
    const name = folder === '' ? 'package.json' : `${folder}/package.json`;
    return this.#read(name, (text) => parseProjectManifest(JSON.parse(text)));
  }

  settings(
    name: string,
    parse: (text: string) => SettingValues,
  ): Readonly<Record<string, unknown>> | undefined {
    return this.#read(name, (text) => Object.fromEntries(parse(text)));
  }

  hasOfflineMirror(): boolean {
    return this.#read('.yarnrc', (text) => /^\s*["']?yarn-offline-mirror\b/m.test(text)) === true;
  }

  #read<Result>(name: string, parse: (text: string) => Result): Result | undefined {
    const path = join(this.folder, name);
    if (!isWithin(this.#root, realAsFar(path))) return undefined;
    try {
      const options = { bytesMax: MAX_MANIFEST_FILE_BYTES, follow: false };
      const { bytes } = readBounded(path, options);
      if (bytes === undefined) throw new RangeError('not a file, or too large');
      return parse(bytes.toString('utf8').replace(/^\uFEFF/, ''));
    } catch (error) {
      if (!isMissing(error)) {
        const reason =
          errnoOf(error) ?? (error instanceof RangeError ? error.message : 'not valid');
        const problem = `${quote(name)} cannot be read (${printable(reason)})`;
        this.problems.push(`${problem}, so it is not known what the project asks for`);
      }
      return undefined;
    }
  }
}

/** Folders of one project. Further ones count as packages with unknown names. */
const FOLDERS_MAX = 20_000;

interface Workspaces {
  readonly folders: readonly string[];
  /** Whether there may be more folders, because a pattern is not read here. */
  readonly isOpen: boolean;
}

/** The folders of the workspaces, which the lockfile of Yarn 1 does not name. Reads the patterns `folder` and `folder/*`. Nearly all projects have no others. */
function workspacesIn(root: string, patterns: readonly string[]): Workspaces {
  const folders: string[] = [];
  let isOpen = false;
  for (const pattern of patterns) {
    const path = pattern.replace(/^\.\//, '').replace(/\/$/, '');
    const parent = path.replace(/\/\*$/, '');
    if (/[*?{}[\]!()]/.test(parent) || path === '*') isOpen = true;
    else if (parent === path) folders.push(path);
    else folders.push(...realFoldersIn(join(root, parent)).map((name) => `${parent}/${name}`));
  }
  isOpen ||= folders.length > FOLDERS_MAX;
  return { folders: folders.slice(0, FOLDERS_MAX), isOpen };
}
