/* Reads the lockfiles that others committed to public repositories, at the commits that lockfiles.txt lists. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import type { NpmClaim } from '@tarwarden/core/metadata';
import { readLockfile, type LockedPackage } from '../../packages/clients/src/lockfiles.ts';

import type { Listed } from '../corpus.ts';

const LIST = new URL('lockfiles.txt', import.meta.url);

/** A lockfile is 30 MB at most: those of large monorepos have 2 MB. */
const LOCKFILE_BYTES_MAX = 30 * 2 ** 20;

/** The words of the lockfiles about one version of a package. */
export interface LockedWords extends Listed {
  /** Entries with the same text are here once. */
  readonly claims: readonly LockedClaim[];
}

interface LockedClaim {
  readonly claim: NpmClaim;
  /** The hashes of the archive, separated by spaces. Yarn 2 and later have hashes of other bytes: their entries have an empty text. */
  readonly integrity: string;
}

interface ListedLockfile {
  /** `owner/name`. */
  readonly repository: string;
  readonly commit: string;
  readonly path: string;
}

export function listedLockfiles(): readonly ListedLockfile[] {
  const lines = readFileSync(LIST, 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [repository = '', commit = '', ...path] = line.split(' ');
    return { repository, commit, path: path.join(' ') };
  });
}

export function lockfileRepositories(): readonly string[] {
  return [...new Set(listedLockfiles().map(({ repository }) => repository))];
}

/** Reads all listed lockfiles. `clones` has a clone of each repository, as `owner/name`. Versions are in the order of their names. */
export function lockfileWords(clones: string): readonly LockedWords[] {
  const byId = new Map<string, Map<string, LockedClaim>>();
  for (const { repository, commit, path } of listedLockfiles()) {
    const text = fileAt(join(clones, repository), commit, path);
    for (const { name, version, source, integrity, claim } of readLockfile(basename(path), text)
      .packages) {
      if (claim === undefined || !isFromRegistry(source)) continue;
      const id = `${name}@${version}`;
      const hashes = integrity?.type === 'sri' ? integrity.value : '';
      const known = byId.get(id) ?? new Map<string, LockedClaim>();
      known.set(JSON.stringify([hashes, claim.document, ...(claim.shows ?? [])]), {
        claim,
        integrity: hashes,
      });
      byId.set(id, known);
    }
  }
  return [...byId]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, claims]) => {
      const at = id.lastIndexOf('@');
      const all = [...claims.values()];
      const hashes = all.flatMap((item) => item.integrity.split(' '));
      const integrity =
        hashes.find((hash) => hash.startsWith('sha512-')) ??
        hashes.find((hash) => hash !== '') ??
        '';
      return { name: id.slice(0, at), version: id.slice(at + 1), integrity, claims: all };
    });
}

/** The words about exactly these bytes. An archive can be published twice, and old lockfiles have only SHA-1. */
export function wordsAbout({ claims }: LockedWords, bytes: Buffer): readonly NpmClaim[] {
  const hashes = new Map<string, string>();
  return claims.flatMap(({ claim, integrity }) => {
    if (integrity === '') return [claim];
    const isSame = integrity.split(' ').some((hash) => {
      const algorithm = hash.slice(0, hash.indexOf('-'));
      const known =
        hashes.get(algorithm) ??
        `${algorithm}-${createHash(algorithm).update(bytes).digest('base64')}`;
      hashes.set(algorithm, known);
      return known === hash;
    });
    return isSame ? [claim] : [];
  });
}

/** Registries of others than npm are not asked. */
const PUBLIC = /^https?:\/\/(?:registry\.npmjs\.org|registry\.yarnpkg\.com)\//;

function isFromRegistry(source: LockedPackage['source']): boolean {
  return source.type === 'registry' && (source.url === undefined || PUBLIC.test(source.url));
}

function fileAt(clone: string, commit: string, path: string): string {
  if (!existsSync(clone))
    throw new Error(
      `${clone} does not exist. Clone the repository: git clone --bare https://github.com/${clone.split('/').slice(-2).join('/')} ${clone}`,
    );
  return execFileSync('git', ['-C', clone, 'show', `${commit}:${path}`], {
    encoding: 'utf8',
    maxBuffer: LOCKFILE_BYTES_MAX,
  });
}
