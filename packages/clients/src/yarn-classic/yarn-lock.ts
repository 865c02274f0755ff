/*
 * Reads yarn.lock of Yarn 1, in exactly the form that Yarn writes. Other parsers take the last of two equal keys, lose a key that is
 * called `__proto__`, and give no line numbers.
 *
 *   "left-pad@^1.0.0", left-pad@~1.3.0:
 *     version "1.3.0"
 *     resolved "https://registry.yarnpkg.com/left-pad/-/left-pad-1.3.0.tgz#5b8a3a77…"
 *     integrity sha512-…
 *     dependencies:
 *       other "^1.0.0"
 */
import type { ClaimKind } from '@tarwarden/core/metadata';
import type { Collector } from '../lockfile/collector.ts';
import { sriOf, sriOfHex } from '../lockfile/integrity.ts';
import type { LockedPackage, PackageSource } from '../lockfile/lockfile.ts';
import { gitSource, isArchivePath, isGitSpec, isHttp, splitSpec } from '../lockfile/specs.ts';

const TEXT = String.raw`"(?:[^"\\]|\\.)*"|[^\s",:][^\s",]*`;
const KEY_LINE = new RegExp(`^(?:${TEXT})(?:, (?:${TEXT}))*:$`);
const FIELD_LINE = new RegExp(`^ {2}([a-zA-Z]+) (${TEXT})$`);
/** If an entry has several fields of one name, even a section and a text, Yarn takes the last one. */
const SECTION_LINE = /^ {2}(dependencies|optionalDependencies|permissions|prebuiltVariants):$/;
const NESTED_LINE = new RegExp(`^ {4}(${TEXT}) (${TEXT})$`);

export const CLASSIC_HEAD: RegExp = /^# yarn lockfile v(\d+)\r?$/m;

interface Open {
  readonly line: number;
  readonly patterns: readonly string[];
  readonly fields: Map<string, string>;
  /** The maps of dependencies, by name. */
  readonly sections: Map<string, Record<string, string>>;
  section?: Record<string, string>;
}

export function readYarnClassic(text: string, to: Collector): string {
  const version = CLASSIC_HEAD.exec(text)?.[1] ?? '';
  if (version !== '1') {
    to.problem(1, 'it is a yarn.lock of another version; v1 is known');
    return version;
  }
  const seenPatterns = new Set<string>();
  let open: Open | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = index + 1;
    const content = raw.replace(/\r$/, '');
    if (content === '' || content.startsWith('#')) continue;
    if (KEY_LINE.test(content)) {
      if (open !== undefined) close(open, to);
      open = { line, patterns: patternsOf(content), fields: new Map(), sections: new Map() };
      for (const pattern of open.patterns) {
        if (seenPatterns.has(pattern)) to.unread(line, pattern, 'is there twice');
        seenPatterns.add(pattern);
      }
      continue;
    }
    const [, name, value] = FIELD_LINE.exec(content) ?? [];
    if (open !== undefined && name !== undefined && value !== undefined) {
      if (open.fields.has(name)) to.unread(line, open.patterns[0]!, `has two fields "${name}"`);
      open.fields.set(name, unquoted(value));
    } else if (open === undefined || !readSection(content, open)) {
      to.problem(line, 'this line is not one that Yarn writes');
    }
  }
  if (open !== undefined) close(open, to);
  to.importers.add('');
  return version;
}

/** Reads a line of a map inside an entry. Returns false for another line. */
function readSection(content: string, open: Open): boolean {
  const [, title] = SECTION_LINE.exec(content) ?? [];
  if (title !== undefined) {
    open.section = Object.create(null) as Record<string, string>;
    open.sections.set(title, open.section);
    return true;
  }
  const [, name, value] = NESTED_LINE.exec(content) ?? [];
  if (name === undefined || value === undefined) return false;
  if (open.section !== undefined) open.section[unquoted(name)] = unquoted(value);
  return true;
}

function patternsOf(line: string): string[] {
  const matches = line.slice(0, -1).matchAll(new RegExp(TEXT, 'g'));
  return Array.from(matches, ([pattern]) => unquoted(pattern));
}

function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}

function close({ line, patterns, fields, sections }: Open, to: Collector): void {
  const [key = ''] = patterns;
  const spec = splitSpec(key);
  const version = fields.get('version');
  if (spec === undefined || version === undefined) {
    to.unread(line, key, spec === undefined ? 'has no range' : 'has no version');
    return;
  }
  const resolved = fields.get('resolved');
  const source = sourceOf(spec.reference, resolved);
  if (source === undefined) {
    to.unread(line, key, 'comes from where it cannot be read');
    return;
  }
  const alias = /^npm:(.+)$/.exec(spec.reference)?.[1];
  const sha1 = /#([0-9a-f]{40})$/.exec(resolved ?? '')?.[1] ?? '';
  const integrity = sriOf(fields.get('integrity') ?? '') ?? sriOfHex('sha1', sha1);
  const locked: LockedPackage = {
    ecosystem: 'npm',
    name: alias === undefined ? spec.name : (splitSpec(alias)?.name ?? alias),
    version,
    source,
    ...(integrity !== undefined && source.type !== 'git' && { integrity }),
    line,
    key,
    ...(source.type === 'registry' && {
      claim: {
        ecosystem: 'npm',
        by: 'lockfile',
        document: { version, ...Object.fromEntries(sections) },
        shows: SHOWN,
      },
    }),
  };
  const added = to.add(locked);
  for (const pattern of patterns) {
    const { name, reference: range } = splitSpec(pattern) ?? { name: pattern, reference: '' };
    to.resolve({ name, range, line, to: added });
  }
}

/** An entry has dependencies alone. */
const SHOWN: ReadonlySet<ClaimKind> = new Set<ClaimKind>(['identity', 'dependencies']);

function sourceOf(range: string, resolved: string | undefined): PackageSource | undefined {
  if (resolved === undefined) {
    const path = range.replace(/^(?:file|link|portal):/, '');
    return /^(?:file:|link:|portal:|\.)/.test(range)
      ? { type: 'folder', path }
      : { type: 'registry' };
  }
  const address = resolved.replace(/#.*$/s, '');
  if (isGitSpec(resolved) || (isGitSpec(range) && !isHttp(address))) return gitSource(resolved);
  if (isHttp(address)) {
    const isRequested = isHttp(range) || isGitSpec(range);
    return { type: isRequested ? 'url' : 'registry', url: address };
  }
  const path = address.replace(/^file:/, '');
  return isArchivePath(path) ? { type: 'file', path } : undefined;
}
