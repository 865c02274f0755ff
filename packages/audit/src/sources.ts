/* Collects the caches and settings from which an audit of one folder takes bytes. */
import { join } from 'node:path';
import { printablePath } from '@tarwarden/core/text';
import { hasIntegrity, projectRoot } from '@tarwarden/host';
import { homeOf, loadSettings, type Variables } from '@tarwarden/settings';
import { mismatch, readArchiveFile } from './archives.ts';
import type { NpmSources, TarballCache } from './ecosystems/npm/npm-packages.ts';
import { classicCaches, yarnClassicCache } from './ecosystems/npm/yarn-classic-cache.ts';
import { yarnZips } from './ecosystems/npm/yarn-zips.ts';

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

/** npm's cache keeps every file under its own hash, so an integrity says where its bytes are. */
function npmCache(folder: string): TarballCache {
  return {
    find({ locked: { integrity } }, report) {
      if (integrity?.type !== 'sri') return undefined;
      for (const hash of integrity.value.split(' ')) {
        const path = contentPath(folder, hash);
        const bytes = readArchiveFile(path);
        if (bytes === undefined) continue;
        if (hasIntegrity(bytes, integrity.value))
          return { content: bytes, from: 'npm-cache', format: 'npm' };
        report(mismatch(printablePath(path), false));
      }
      return undefined;
    },
  };
}

/** The path at which cacache keeps the content of a hash. */
function contentPath(folder: string, hash: string): string {
  const [algorithm = '', digest = ''] = hash.split(/-(.*)/s);
  const hex = Buffer.from(digest, 'base64').toString('hex');
  const parts = [hex.slice(0, 2), hex.slice(2, 4), hex.slice(4)];
  return join(folder, '_cacache', 'content-v2', algorithm, ...parts);
}
