import { readBunLock } from './bun/bun-lock.ts';
import { Collector } from './collector.ts';
import { MAX_LOCKFILE_CHARS } from './limits.ts';
import { LineIndex } from './lines.ts';
import type { Lockfile, LockfileKind } from './lockfile.ts';
import { readPackageLock } from './npm/package-lock.ts';
import { readPnpmLock } from './pnpm/pnpm-lock.ts';
import { readPylock } from './python/pylock.ts';
import { readRequirements } from './python/requirements.ts';
import { readGemfileLock } from './ruby/gemfile-lock.ts';
import { readYarnBerry } from './yarn/berry.ts';
import { CLASSIC_HEAD, readYarnClassic } from './yarn/classic.ts';

/** Characters at the start of a yarn.lock that say which version of Yarn wrote it. */
const HEAD_CHARS = 1024;

const NAMES: readonly (readonly [RegExp, LockfileKind])[] = [
  [/^package-lock\.json$/, 'package-lock'],
  [/^npm-shrinkwrap\.json$/, 'npm-shrinkwrap'],
  [/^pnpm-lock(?:\..+)?\.yaml$/, 'pnpm-lock'],
  [/^yarn\.lock$/, 'yarn-berry'],
  [/^bun\.lock$/, 'bun'],
  [/^requirements.*\.txt$/, 'requirements'],
  [/^pylock(?:\.[^.]+)?\.toml$/, 'pylock'],
  [/^(?:Gemfile|gems)\.(?:.*\.)?(?:lock|locked)$/, 'gemfile-lock'],
  [/^go(?:\.work)?\.sum$/, 'go-sum'],
];

/** The kind of a lockfile by the name of the file. Undefined for other files. Only the text of a yarn.lock says which kind it is. */
export function lockfileKindOf(fileName: string): LockfileKind | undefined {
  return NAMES.find(([name]) => name.test(fileName))?.[1];
}

/** The lockfiles that hold for a whole workspace, and are in its root: those of npm, pnpm, Yarn and bun. */
export function isWorkspaceLockfile(fileName: string): boolean {
  const kind = lockfileKindOf(fileName);
  return fileName === 'bun.lockb' || (kind !== undefined && OF_WORKSPACES.has(kind));
}

const OF_WORKSPACES: ReadonlySet<LockfileKind> = new Set([
  'package-lock',
  'npm-shrinkwrap',
  'pnpm-lock',
  'yarn-classic',
  'yarn-berry',
  'bun',
]);

/**
 * Reads a lockfile. Each part that cannot be read is a problem in the result, so nothing is left out in silence. No text makes it throw.
 *
 * @param fileName A name without a folder, for which `lockfileKindOf` knows the kind.
 * @throws RangeError for another name.
 */
export function readLockfile(fileName: string, text: string): Lockfile {
  const named = lockfileKindOf(fileName);
  if (named === undefined) throw new RangeError('not the name of a lockfile');
  const to = new Collector();
  const content = text.replace(/^\uFEFF/, '');
  const kind =
    named === 'yarn-berry' && CLASSIC_HEAD.test(content.slice(0, HEAD_CHARS))
      ? 'yarn-classic'
      : named;
  const version = isReadable(content, to) ? read(kind, content, to) : '';
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

function read(kind: LockfileKind, text: string, to: Collector): string {
  const lines = new LineIndex(text);
  switch (kind) {
    case 'package-lock':
    case 'npm-shrinkwrap':
      return readPackageLock(text, lines, to);
    case 'pnpm-lock':
      return readPnpmLock(text, lines, to);
    case 'yarn-classic':
      return readYarnClassic(text, to);
    case 'yarn-berry':
      return readYarnBerry(text, lines, to);
    case 'bun':
      return readBunLock(text, lines, to);
    case 'requirements':
      readRequirements(text, to);
      return '';
    case 'pylock':
      return readPylock(text, to);
    case 'gemfile-lock':
      return readGemfileLock(text, to);
    case 'go-sum':
      readGoSum(text, to);
      return '';
  }
}

const LINE = /^(\S+) (v[^\s/]+)(\/go\.mod)? (h1:[A-Za-z0-9+/]{43}=)$/;

export function readGoSum(text: string, to: Collector): void {
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
