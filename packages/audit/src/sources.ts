/* Collects the caches and settings from which an audit of one folder takes the bytes of npm's packages. */
import { hash as digest } from 'node:crypto';
import { isAbsolute, join } from 'node:path';
import { hasIntegrity, projectRoot } from '@tarwarden/guard';
import type { LockedPackage } from '@tarwarden/clients/lockfiles';
import { homeOf, loadSettings, type Variables } from '@tarwarden/clients/settings';
import { firstRight, namesIn } from './archives.ts';
import type { CachedTarball, NpmSources, TarballCache } from './ecosystems/npm/npm-packages.ts';

export interface SourcesOptions {
  readonly env: Variables;
  readonly offline: boolean;
}

/**
 * @param folder The folder of the lockfiles. Undefined if there is no project.
 * @throws TarwardenError if a settings file cannot be read.
 */
export function sourcesFor(
  folder: string | undefined,
  { env, offline }: SourcesOptions,
): NpmSources {
  const settings = loadSettings(folder, env);
  return {
    settings,
    offline,
    root: folder === undefined ? '' : projectRoot(folder),
    caches: [
      npmCache(settings.npmCache ?? defaultNpmCache(env)),
      ...classicCaches(env).map(yarnClassicCache),
      ...(folder === undefined ? [] : [yarnZips(join(folder, '.yarn', 'cache'))]),
      ...[join(settings.yarnGlobal, 'cache'), ...settings.yarnCaches].map(yarnZips),
    ],
  };
}

/** The folder of npm's cache if no setting names another one. */
function defaultNpmCache(env: Variables): string {
  const home = homeOf(env);
  const local = env['LOCALAPPDATA'];
  return process.platform === 'win32' && local !== undefined
    ? join(local, 'npm-cache')
    : join(home, '.npm');
}

/** A cache that has a package under names that its entry decides, with the integrity of the lockfile. */
function tarballCache(
  from: CachedTarball['from'],
  pathsOf: (locked: LockedPackage, integrity: string) => Iterable<string>,
): TarballCache {
  return {
    findTarball({ locked }, report) {
      const { integrity } = locked;
      if (integrity?.type !== 'sri') return undefined;
      const isRight = (bytes: Buffer): boolean => hasIntegrity(bytes, integrity.value);
      const content = firstRight(pathsOf(locked, integrity.value), isRight, report);
      return content && { content, from, format: 'npm' };
    },
  };
}

/** npm's cache keeps every file under its own hash, so an integrity says where its bytes are. */
function npmCache(folder: string): TarballCache {
  return tarballCache('npm-cache', (_, integrity) =>
    integrity.split(' ').map((hash) => contentPath(folder, hash)),
  );
}

/** The path at which cacache keeps the content of a hash. */
function contentPath(folder: string, hash: string): string {
  const [algorithm = '', base64 = ''] = hash.split(/-(.*)/s);
  const hex = Buffer.from(base64, 'base64').toString('hex');
  const pathParts = [hex.slice(0, 2), hex.slice(2, 4), hex.slice(4)];
  return join(folder, '_cacache', 'content-v2', algorithm, ...pathParts);
}

/** A folder in the cache of Yarn 1: `npm-left-pad-1.3.0-5b8a3a77…-integrity`, with registry, package, version and SHA-1, if Yarn knows it. */
const CLASSIC_SLOT = /^npm-(.+?)(?:-[0-9a-f]{40})?(?:-integrity)?$/;

/** The folders in which Yarn 1 may have its cache. If root runs Yarn 1, the cache is one for all users. Only version 6 keeps tarballs. */
function classicCaches(env: Variables): string[] {
  const configuredFolder = env['YARN_CACHE_FOLDER'];
  const roots =
    configuredFolder === undefined ? usualClassicFolders(homeOf(env), env) : [configuredFolder];
  return roots.map((root) => join(root, 'v6'));
}

function usualClassicFolders(home: string, env: Variables): string[] {
  const local = env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local');
  if (process.platform === 'win32') return [join(local, 'Yarn', 'Cache')];
  if (process.platform === 'darwin') return [join(home, 'Library', 'Caches', 'Yarn')];
  const xdg = env['XDG_CACHE_HOME'];
  if (xdg !== undefined && isAbsolute(xdg)) return [join(xdg, 'yarn')];
  const shared = process.getuid?.() === 0 ? ['/usr/local/share/.cache/yarn'] : [];
  return [join(home, '.cache', 'yarn'), ...shared];
}

/** The cache of Yarn 1, which keeps each tarball beside its unpacked files, whatever the SHA-1 in the name of their folder is. */
function yarnClassicCache(folder: string): TarballCache {
  const slotsOf = namesBy(folder, (name) => CLASSIC_SLOT.exec(name)?.[1]);
  return tarballCache('yarn-classic-cache', ({ name, version }) => {
    // Yarn replaces other characters.
    const slug = name.replaceAll(/[^@a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '');
    return slotsOf(`${slug}-${version}`).map((slot) =>
      join(folder, slot, 'node_modules', name, '.yarn-tarball.tgz'),
    );
  });
}

/** `left-pad-npm-1.3.0-0382e69409-3fb59c76e2.zip`: package, hash of the source, start of the checksum or the key of the cache. */
const ZIP = /^(.+)-[0-9a-f]{10}-([0-9a-z]+)\.zip$/;

const CHECKSUM_CHARS = 10;

/**
 * A cache of Yarn 2 and newer, with a zip for each package, whose SHA-512 is the checksum in the lockfile. It may have several zips of a
 * package, and those that are not the zip of the lockfile are skipped.
 */
function yarnZips(folder: string): TarballCache {
  const zipsWith = namesBy(folder, (name) => ZIP.exec(name)?.[2]);
  return {
    findTarball({ locked: { name, version, source, integrity } }, report) {
      if (integrity?.type !== 'yarn-zip') return undefined;
      const { sha512, cacheKey } = integrity;
      const slug = name.replace('/', '-');
      const isOfPackage = (zip: string): boolean => {
        const zipPackage = ZIP.exec(zip)?.[1];
        return source.type === 'registry'
          ? zipPackage === `${slug}-npm-${version}`
          : zipPackage?.startsWith(`${slug}-`) === true;
      };
      const pathsWith = (end: string): string[] =>
        zipsWith(end)
          .filter(isOfPackage)
          .map((zip) => join(folder, zip));
      const isRight = (bytes: Buffer): boolean => digest('sha512', bytes) === sha512;
      const content =
        firstRight(pathsWith(sha512.slice(0, CHECKSUM_CHARS)), isRight, report) ??
        // Any zip of the package may have the name that ends with the key of the cache.
        firstRight(pathsWith(cacheKey), isRight, () => undefined);
      return content && { content, from: 'yarn-zip', format: 'yarn-zip' };
    },
  };
}

/** The names in a folder by a part of theirs. The folder is read once, when it is first needed. */
function namesBy(
  folder: string,
  keyOfName: (name: string) => string | undefined,
): (key: string) => readonly string[] {
  let namesByKey: Map<string, string[]> | undefined;
  return (key) => {
    if (namesByKey === undefined) {
      namesByKey = new Map();
      for (const name of namesIn(folder)) {
        const nameKey = keyOfName(name);
        if (nameKey !== undefined)
          (namesByKey.get(nameKey) ?? namesByKey.set(nameKey, []).get(nameKey)!).push(name);
      }
    }
    return namesByKey.get(key) ?? [];
  };
}
