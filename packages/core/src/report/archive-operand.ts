import type { ExpectedPackage } from '../finding/expected.ts';
import { ecosystemOf, type Format } from '../finding/format.ts';
import { formatPackageRequest, readPackageRequest } from '../policy/package-request.ts';
import { redactUrl, shellWord } from '../text/printable.ts';

/** The facts with which a user can find an archive again. All text is unescaped and may be hostile. */
export interface ArchiveLocation {
  /** The package that a registry promised. Absent for archives from git, from a URL or from a file. */
  readonly expected?: ExpectedPackage | undefined;
  /** The URL or path of the bytes. */
  readonly source?: string | undefined;
  /** Whether the archive comes from an index of the user's own settings, where `NAME@VERSION` looks. */
  readonly isOfOwnIndex?: boolean | undefined;
  readonly format: Format;
}

/** Formats that a client fetches from the index of a command line or a Gemfile, where `NAME@VERSION` does not look. */
const INDEXED: ReadonlySet<Format> = new Set(['wheel', 'sdist', 'gem']);
const PUBLIC_INDEX = /^https:\/\/(?:files\.pythonhosted\.org|rubygems\.org)\//;
/** The longest text in a printed command. */
const MAX_CHARS = 400;
/** Characters that have no meaning for any shell, and a beginning that is no option and no home folder. */
const PLAIN = /^[\w@./][\w@./:+~-]*$/;
/** A path that has no meaning for any shell between single quotes. The Windows command prompt does not know these quotes. */
const QUOTABLE = /^[^\P{ASCII}\p{Cc}&|<>^"'`%]+$/u;
const ARCHIVE_FILE = /\.(?:tgz|tar\.gz|tar|whl|gem|zip)$/i;

/**
 * The operand with which `tarwarden explain` and `tarwarden allow` find this archive, as words that are safe to paste into a shell.
 * Undefined if there is none: the archive comes from git, its URL contains credentials, or its name contains unusual characters.
 */
export function archiveOperand({
  expected,
  source,
  isOfOwnIndex = false,
  format,
}: ArchiveLocation): string | undefined {
  const path = source === undefined ? undefined : localFile(source);
  if (path !== undefined) return pastablePath(path);
  const url = source?.replace(/#.*$/s, '');
  const address = url !== undefined && isPublicUrl(url) ? url : undefined;
  const operand = namedOperand(expected, format);
  if (operand === undefined) return address;
  const isNamed = isOfOwnIndex || !INDEXED.has(format);
  if (address === undefined || isNamed || PUBLIC_INDEX.test(address)) return operand;
  return `${address} --package ${expected!.name}@${expected!.version}`;
}

/** Undefined if no package is expected, or `NAME@VERSION` cannot name it. */
function namedOperand(expected: ExpectedPackage | undefined, format: Format): string | undefined {
  if (expected?.name === undefined || expected.version === undefined) return undefined;
  const { name, version } = expected;
  const operand = formatPackageRequest({ ecosystem: ecosystemOf[format], name, version });
  const request = isPlain(operand) ? readPackageRequest(operand) : undefined;
  return request === undefined || 'problem' in request ? undefined : operand;
}

/** The path of an archive on this machine. Undefined if the source is something else. */
function localFile(source: string): string | undefined {
  const path = source.replace(/^file:(?:\/\/(?=\/))?/, '');
  const isAbsolute = /^(?:\/|[a-z]:[\\/])/i.test(path);
  if (!ARCHIVE_FILE.test(path) || (source.includes(':') && !isAbsolute)) return undefined;
  return isAbsolute ? path : `./${path}`;
}

function pastablePath(path: string): string | undefined {
  if (isPlain(path)) return path;
  return path.length <= MAX_CHARS && QUOTABLE.test(path) ? shellWord(path) : undefined;
}

function isPublicUrl(source: string): boolean {
  return /^https?:\/\//i.test(source) && isPlain(source) && redactUrl(source) === source;
}

function isPlain(text: string): boolean {
  return text.length <= MAX_CHARS && PLAIN.test(text) && !text.includes('::');
}
