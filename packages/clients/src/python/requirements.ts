/* Reads requirements files of pip with hashes: `name==version --hash=sha256:…`. */
import { quote, withoutTrailing } from '@tarwarden/core/text';
import type { Collector } from '../lockfile/collector.ts';
import { sriOfHex } from '../lockfile/integrity.ts';
import { MAX_FIELD_CHARS } from '../lockfile/limits.ts';
import type { Integrity, LockedIndex, LockedPackage } from '../lockfile/lockfile.ts';
import { isGitSpec, isHttp } from '../lockfile/specs.ts';

/** Characters besides a line feed that end a line for Python. An editor shows the next line as a part of the comment before it. */
// oxlint-disable-next-line no-control-regex -- these are control characters
const ENDS = /[\r\v\f\u001C-\u001E\u0085\u2028\u2029]/;

/** PEP 263: pip reads the file in this encoding, and then a comment may be no comment. */
const CODING = /^#.*coding[:=]\s*([-\w.]+)/;
const UTF8 = /^(?:utf[-_]?8(?:[-_]sig)?|us-ascii|ascii)$/i;

interface LogicalLine {
  /** The number of its first line, from 1. */
  readonly line: number;
  /** Without comments, and not empty. */
  readonly content: string;
}

function* logicalLines(text: string, to: Collector): Generator<LogicalLine> {
  const lines = text.split('\n');
  for (const [index, line] of lines.slice(0, 2).entries()) {
    const coding = CODING.exec(line)?.[1];
    if (coding !== undefined && !UTF8.test(coding))
      to.problem(index + 1, `pip reads it in the encoding ${quote(coding)}, and not as UTF-8`);
  }
  let start = 1;
  let pending: string[] = [];
  for (const [index, raw] of lines.entries()) {
    for (const segment of raw.replace(/\r$/, '').split(ENDS)) {
      if (pending.length === 0) start = index + 1;
      const isComment = /^\s*#/.test(segment);
      if (segment.endsWith('\\') && !isComment) {
        if (/\s#/.test(segment))
          to.problem(
            index + 1,
            'a comment ends with a backslash, which clients read in several ways',
          );
        pending.push(withoutTrailing(segment.replace(/^\\+/, ''), '\\'));
        continue;
      }
      const content = withoutComment(pending.join('') + (isComment ? ` ${segment}` : segment));
      pending = [];
      if (content !== '') yield { line: start, content };
    }
  }
  const lastContent = withoutComment(pending.join(''));
  if (lastContent !== '') yield { line: start, content: lastContent };
}

/** pip starts a comment at `#` only at the start of a line, or after a space or tab. After other white space the `#` stays, and the line is not read. */
function withoutComment(text: string): string {
  return text.replace(/(?:^|[ \t])#.*$/, '').trim();
}

const PINNED = /^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*===?\s*([^\s;,]+)$/;
const ADDRESS = /^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*@\s*(\S+)$/;

export function readRequirements(text: string, to: Collector): void {
  for (const { line, content } of logicalLines(text, to)) {
    if (content.startsWith('-')) readOptions(line, content, to);
    else readRequirement(line, content, to);
  }
}

/** Indexes of one file. Each would be asked for every package. */
const INDEXES_MAX = 16;

/**
 * Options that name no package, but decide which indexes pip asks and which files it prefers. pip also accepts several on one line, and
 * quoted or shortened ones. Those are not read.
 */
const HARMLESS =
  /(?:--(?:no-index|prefer-binary|require-hashes|pre)|(-[if]|--(?:index-url|extra-index-url|find-links|no-binary|only-binary|trusted-host|use-feature))(?:\s*=\s*|\s+|(?<=-[if]))([^\s"'\\]+))(?:\s+|$)/y;

/** Only the last `--index-url URL` counts, but all of `--extra-index-url URL`. */
function readOptions(line: number, content: string, to: Collector): void {
  HARMLESS.lastIndex = 0;
  while (HARMLESS.lastIndex < content.length) {
    const at = HARMLESS.lastIndex;
    const match = HARMLESS.exec(content);
    if (match === null) return refuseOption(line, content.slice(at), to);
    const [, name, url = ''] = match;
    if (name === '-i' || name === '--index-url') addIndex(line, { url, extra: false }, to);
    if (name === '--extra-index-url') addIndex(line, { url, extra: true }, to);
  }
}

function refuseOption(line: number, option: string, to: Collector): void {
  const isOtherFile = /^(?:-r|-c|--requirements?|--constraints?)(?=[ =]|$)/.test(option);
  const reason = isOtherFile
    ? 'is not followed: name that file as well'
    : 'is not a locked package';
  to.problem(line, `${quote(option)} ${reason}`);
}

function addIndex(line: number, index: LockedIndex, to: Collector): void {
  if (to.indexes.length === INDEXES_MAX || index.url.length > MAX_FIELD_CHARS)
    return to.problem(line, 'it names more indexes, or a longer address, than are read');
  to.indexes.push(index);
}

function readRequirement(line: number, content: string, to: Collector): void {
  const start = content.search(/\s-/);
  const [spec, options] =
    start < 0 ? [content, ''] : [content.slice(0, start), content.slice(start).trim()];
  const key = spec.split(';', 1)[0]!.trim();
  const base = { ecosystem: 'pypi', line, key } as const;
  const hashes = hashesOf(options);
  if (hashes === undefined)
    return to.unread(line, key, 'has options of which not all are hashes that are known');
  const [, name, version] = PINNED.exec(key) ?? [];
  const [, addressName, address] = ADDRESS.exec(key) ?? [];
  if (name !== undefined && version !== undefined && !version.includes('*')) {
    addAll({ ...base, name, version, source: { type: 'registry' } }, hashes, to);
  } else if (addressName !== undefined && address !== undefined) {
    const addressHashes = hashesInAddress(address);
    if (addressHashes === undefined) return to.unread(line, key, 'has a hash that is too weak');
    addAll(
      { ...base, name: addressName, version: '', source: addressOf(address) },
      [...hashes, ...addressHashes],
      to,
    );
  } else {
    to.unread(line, key, 'is not pinned to one version');
  }
}

/** Each hash belongs to another file: a wheel for one platform, or the sdist. */
function addAll(
  locked: Omit<LockedPackage, 'integrity'>,
  hashes: readonly (Integrity | undefined)[],
  to: Collector,
): void {
  for (const integrity of hashes.length === 0 ? [undefined] : hashes)
    to.add(integrity === undefined ? locked : { ...locked, integrity });
}

const HASH = /--hash(?:=|\s+)(sha256|sha384|sha512):([0-9a-f]+)(?:\s+|$)/iy;

/** The hashes after a requirement. Undefined if one part is no hash, because pip accepts any of the hashes that it reads. */
function hashesOf(options: string): (Integrity | undefined)[] | undefined {
  const hashes: (Integrity | undefined)[] = [];
  HASH.lastIndex = 0;
  while (HASH.lastIndex < options.length) {
    const [, algorithm, hex] = HASH.exec(options) ?? [];
    if (algorithm === undefined || hex === undefined) return undefined;
    hashes.push(sriOfHex(algorithm.toLowerCase(), hex));
  }
  return hashes;
}

/** The hash in `#sha256=…`. pip accepts a file with this hash, or with one of the options. Undefined for a weak hash. */
function hashesInAddress(address: string): (Integrity | undefined)[] | undefined {
  const matches = [...address.matchAll(/(?<![a-z0-9])(md5|sha\d+)=([0-9a-f]*)/gi)];
  const hashes = matches.map(([, algorithm = '', hex = '']) =>
    /^sha(?:256|384|512)$/i.test(algorithm) ? sriOfHex(algorithm.toLowerCase(), hex) : undefined,
  );
  return hashes.includes(undefined) ? undefined : hashes;
}

function addressOf(address: string): LockedPackage['source'] {
  if (isGitSpec(address) || /^(?:hg|svn|bzr)\+/.test(address)) return { type: 'git', url: address };
  if (isHttp(address)) return { type: 'url', url: address };
  return { type: 'file', path: address.replace(/^file:(?:\/\/)?/, '') };
}
