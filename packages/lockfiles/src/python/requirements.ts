/* Requirements files of pip that lock: `name==version --hash=sha256:…`. */
import { quote } from '@tarwarden/core/text';
import type { Collector } from '../collector.ts';
import { sriOfHex } from '../integrity.ts';
import { MAX_FIELD_CHARS } from '../limits.ts';
import type { LockedIndex, LockedPackage } from '../lockfile.ts';
import { isGit, isHttp } from '../specs.ts';

const PINNED = /^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*===?\s*([^\s;,]+)$/;
const ADDRESS = /^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*@\s*(\S+)$/;

export function readRequirements(text: string, to: Collector): void {
  for (const { line, content } of logicalLines(text)) {
    if (content.startsWith('-')) readOption(line, content, to);
    else readRequirement(line, content, to);
  }
}

function* logicalLines(text: string): Generator<{ line: number; content: string }> {
  let start = 1;
  let held = '';
  for (const [index, raw] of text.split('\n').entries()) {
    if (held === '') start = index + 1;
    const part = raw.replace(/\r$/, '').replace(/(?:^|\s)#.*$/, '');
    held += `${part.replace(/\\$/, '')} `;
    if (part.endsWith('\\')) continue;
    const content = held.trim();
    held = '';
    if (content !== '') yield { line: start, content };
  }
  if (held.trim() !== '') yield { line: start, content: held.trim() };
}

/** `--index-url URL`, of which the last counts, and `--extra-index-url URL`, of which all do. */
const INDEX = /^(?:-i|--index-url|(--extra-index-url))(?:\s*=\s*|\s+|(?<=^-i))(\S+)$/;

/** Indexes that are kept; more would be asked for every package. */
const INDEXES_MAX = 16;

/** Options that decide where pip looks and what it prefers, and name no package. */
const HARMLESS =
  /^(?:-i|-f|--(?:index-url|extra-index-url|find-links|no-index|no-binary|only-binary|prefer-binary|require-hashes|pre|trusted-host|use-feature))(?=[ =]|$)/;

function readOption(line: number, content: string, to: Collector): void {
  const [, extra, url] = INDEX.exec(content) ?? [];
  if (url !== undefined) return addIndex(line, { url, extra: extra !== undefined }, to);
  if (HARMLESS.test(content)) return;
  const named = /^(?:-r|-c|--requirements?|--constraints?)(?=[ =]|$)/.test(content);
  const why = named ? 'is not followed: name that file as well' : 'is not a locked package';
  to.problem(line, `${quote(content)} ${why}`);
}

function addIndex(line: number, index: LockedIndex, to: Collector): void {
  if (to.indexes.length === INDEXES_MAX || index.url.length > MAX_FIELD_CHARS)
    return to.problem(line, 'it names more indexes, or a longer address, than are read');
  to.indexes.push(index);
}

function readRequirement(line: number, content: string, to: Collector): void {
  const [whole = ''] = content.split(/\s--/, 1);
  const spec = whole.split(';', 1)[0]!.trim();
  const hashes = [...content.matchAll(/\s--hash[= ](sha256|sha384|sha512):([0-9a-f]+)/gi)];
  const base = { ecosystem: 'pypi', line, key: spec } as const;
  // Each is of a file of its own: the wheels of all platforms, and the sdist.
  const files = hashes.map(([, algorithm = '', hex = '']) => {
    const integrity = sriOfHex(algorithm.toLowerCase(), hex);
    return integrity === undefined ? {} : { integrity };
  });
  const add = (found: Pick<LockedPackage, 'name' | 'version' | 'source'>): void => {
    for (const more of files.length === 0 ? [{}] : files) to.add({ ...base, ...found, ...more });
  };
  const [, name, version] = PINNED.exec(spec) ?? [];
  const [, named, address] = ADDRESS.exec(spec) ?? [];
  if (name !== undefined && version !== undefined && !version.includes('*')) {
    add({ name, version, source: { type: 'registry' } });
  } else if (named !== undefined && address !== undefined) {
    add({ name: named, version: '', source: addressOf(address) });
  } else {
    to.unread(line, spec, 'is not pinned to one version');
  }
}

function addressOf(address: string): LockedPackage['source'] {
  if (isGit(address) || /^(?:hg|svn|bzr)\+/.test(address)) return { type: 'git', url: address };
  if (isHttp(address)) return { type: 'url', url: address };
  return { type: 'file', path: address.replace(/^file:(?:\/\/)?/, '') };
}
