import { readBunLock } from '../bun/bun-lock.ts';
import { Collector } from './collector.ts';
import { MAX_LOCKFILE_CHARS } from './limits.ts';
import { LineIndex } from './lines.ts';
import type { Lockfile, LockfileKind } from './lockfile.ts';
import { readPackageLock } from '../npm/package-lock.ts';
import { readPnpmLock } from '../pnpm/pnpm-lock.ts';
import { readPylock } from '../python/pylock.ts';
import { readRequirements } from '../python/requirements.ts';
import { readGemfileLock } from '../ruby/gemfile-lock.ts';
import { readYarnBerry } from '../yarn/yarn-lock.ts';
import { CLASSIC_HEAD, readYarnClassic } from '../yarn-classic/yarn-lock.ts';

/** Characters at the start of a yarn.lock that say which version of Yarn wrote it. */
const HEAD_CHARS = 1024;

interface KindOfLockfile {
  /** Absent if only the text shows the kind. */
  readonly name?: RegExp;
  /** It holds for a whole workspace, and is in its root. */
  readonly isShared?: true;
  /** Returns the version, if the format has one. */
  readonly read: (text: string, to: Collector, lines: LineIndex) => string | void;
}

const KINDS: Readonly<Record<LockfileKind, KindOfLockfile>> = {
  'package-lock': { name: /^package-lock\.json$/, isShared: true, read: readPackageLock },
  'npm-shrinkwrap': { name: /^npm-shrinkwrap\.json$/, isShared: true, read: readPackageLock },
  'pnpm-lock': { name: /^pnpm-lock(?:\..+)?\.yaml$/, isShared: true, read: readPnpmLock },
  'yarn-berry': { name: /^yarn\.lock$/, isShared: true, read: readYarnBerry },
  'yarn-classic': { isShared: true, read: readYarnClassic },
  bun: { name: /^bun\.lock$/, isShared: true, read: readBunLock },
  requirements: { name: /^requirements.*\.txt$/, read: readRequirements },
  pylock: { name: /^pylock(?:\.[^.]+)?\.toml$/, read: readPylock },
  'gemfile-lock': { name: /^(?:Gemfile|gems)\.(?:.*\.)?(?:lock|locked)$/, read: readGemfileLock },
  'go-sum': { name: /^go(?:\.work)?\.sum$/, read: readGoSum },
};

/** The kind of a lockfile by the name of the file. Undefined for other files. Only the text of a yarn.lock says which kind it is. */
export function lockfileKindOf(fileName: string): LockfileKind | undefined {
  const kinds = Object.keys(KINDS) as LockfileKind[];
  return kinds.find((kind) => KINDS[kind].name?.test(fileName));
}

/** The lockfiles that hold for a whole workspace, and are in its root: those of npm, pnpm, Yarn and bun. */
export function isWorkspaceLockfile(fileName: string): boolean {
  const kind = lockfileKindOf(fileName);
  return fileName === 'bun.lockb' || (kind !== undefined && KINDS[kind].isShared === true);
}

/**
 * Reads a lockfile. Each part that cannot be read is a problem in the result, so nothing is left out in silence. No text makes it throw.
 *
 * @param fileName A name without a folder, for which `lockfileKindOf` knows the kind.
 * @throws RangeError for another name.
 */
export function readLockfile(fileName: string, text: string): Lockfile {
  const nameKind = lockfileKindOf(fileName);
  if (nameKind === undefined) throw new RangeError('not the name of a lockfile');
  const to = new Collector();
  const content = text.replace(/^\uFEFF/, '');
  const kind =
    nameKind === 'yarn-berry' && CLASSIC_HEAD.test(content.slice(0, HEAD_CHARS))
      ? 'yarn-classic'
      : nameKind;
  const version = isReadable(content, to)
    ? (KINDS[kind].read(content, to, new LineIndex(content)) ?? '')
    : '';
  const { packages, problems, resolutions, indexes } = to;
  return {
    kind,
    version,
    packages,
    resolutions,
    importers: [...to.importers],
    problems,
    ...(indexes.length > 0 && { indexes }),
  };
}

function isReadable(text: string, to: Collector): boolean {
  if (text.length > MAX_LOCKFILE_CHARS) {
    to.problem(1, `it is larger than ${MAX_LOCKFILE_CHARS / 1024 / 1024} million characters`);
    return false;
  }
  const conflict = /^(?:<{7}|>{7}|\|{7}|={7})(?: |\r?$)/m.exec(text);
  if (conflict === null) return true;
  const line = new LineIndex(text.slice(0, conflict.index)).at(conflict.index);
  to.problem(line, 'it holds the marks of a merge conflict, which managers read in several ways');
  return false;
}

const LINE = /^(\S+) (v[^\s/]+)(\/go\.mod)? (h1:[A-Za-z0-9+/]{43}=)$/;

function readGoSum(text: string, to: Collector): void {
  for (const [index, raw] of text.split('\n').entries()) {
    const content = raw.replace(/\r$/, '').trim();
    if (content === '') continue;
    const line = index + 1;
    const [, name, version, isModFile, value] = LINE.exec(content) ?? [];
    if (name === undefined || version === undefined || value === undefined) {
      to.problem(line, 'this line is not one that go writes');
    } else if (isModFile === undefined) {
      to.add({
        ecosystem: 'go',
        name,
        version,
        source: { type: 'registry' },
        integrity: { type: 'go-h1', value },
        line,
        key: `${name} ${version}`,
      });
    }
  }
}
