/* Reads pylock.toml (PEP 751). Each file of a package is a separate archive. */
import { parse, TomlError } from 'smol-toml';
import { printable } from '@tarwarden/core/text';
import type { Collector } from '../lockfile/collector.ts';
import { anyOf, sriOfHex } from '../lockfile/integrity.ts';
import type { LockedPackage, PackageSource } from '../lockfile/lockfile.ts';
import { repositoryAt } from '../lockfile/specs.ts';
import { isMapping, mappingField, textField, type Mapping } from '../lockfile/yaml-documents.ts';

export function readPylock(text: string, to: Collector): string {
  let document: Mapping;
  try {
    document = parse(text);
  } catch (error) {
    const line = error instanceof TomlError ? error.line : 1;
    const reason = error instanceof Error ? error.message.split('\n')[0]! : '';
    to.problem(line, `it is not valid TOML (${printable(reason)})`);
    return '';
  }
  const version = textField(document, 'lock-version') ?? '';
  if (!/^1\.\d+$/.test(version)) {
    to.problem(1, 'it has an unknown lock-version; 1.0 is known');
    return version;
  }
  const packages: unknown = document['packages'];
  const lines = headings(text);
  for (const [index, entry] of (Array.isArray(packages) ? packages : []).entries()) {
    const line = lines[index] ?? 1;
    if (isMapping(entry)) readPackage(entry, line, to);
    else to.problem(line, 'a package is not a table');
  }
  return version;
}

function headings(text: string): number[] {
  return text
    .split('\n')
    .flatMap((line, index) => (/^\s*\[\[packages\]\]/.test(line) ? [index + 1] : []));
}

function readPackage(entry: Mapping, line: number, to: Collector): void {
  const name = textField(entry, 'name') ?? '';
  const base: Omit<LockedPackage, 'source'> = {
    ecosystem: 'pypi',
    name,
    version: textField(entry, 'version') ?? '',
    line,
    key: name,
  };
  const vcs = mappingField(entry, 'vcs');
  const directory = mappingField(entry, 'directory');
  const wheels: unknown = entry['wheels'];
  const files = [entry['sdist'], entry['archive'], ...(Array.isArray(wheels) ? wheels : [])];
  const archives = files.filter(isMapping);
  if (Object.hasOwn(entry, 'vcs')) to.add({ ...base, source: repositoryOf(vcs) });
  else if (Object.hasOwn(entry, 'directory'))
    to.add({ ...base, source: { type: 'folder', path: textField(directory, 'path') ?? '' } });
  else if (archives.length === 0) to.unread(line, name, 'names no archive');
  for (const archive of archives) {
    const integrity = anyOf(
      Object.entries(mappingField(archive, 'hashes')).map(([algorithm, hex]) =>
        typeof hex === 'string' ? sriOfHex(algorithm, hex) : undefined,
      ),
    );
    const source = sourceOf(archive, Object.hasOwn(entry, 'archive'));
    if (!hasOneName(archive, source)) {
      to.unread(line, name, 'has a file with another name than its address ends in');
      continue;
    }
    to.add({ ...base, source, ...(integrity !== undefined && { integrity }) });
  }
}

/** The name decides how a file is read. If none is given, it is the end of the address. */
function hasOneName(archive: Mapping, source: PackageSource): boolean {
  const name = textField(archive, 'name');
  const location = 'url' in source ? source.url : 'path' in source ? source.path : undefined;
  if (name === undefined || location === undefined) return true;
  const last = location
    .replace(/[?#].*$/s, '')
    .split('/')
    .at(-1)!;
  return name === last || encodeURIComponent(name) === last;
}

/** Other systems than git have no id of a commit that pins its content. */
function repositoryOf(vcs: Mapping): PackageSource {
  const isGit = textField(vcs, 'type') === 'git' && !Object.hasOwn(vcs, 'path');
  return repositoryAt(textField(vcs, 'url') ?? textField(vcs, 'path'), {
    commit: isGit ? textField(vcs, 'commit-id') : undefined,
    folder: textField(vcs, 'subdirectory'),
  });
}

function sourceOf(archive: Mapping, isAsked: boolean): PackageSource {
  const url = textField(archive, 'url');
  const path = textField(archive, 'path');
  if (url !== undefined) return { type: isAsked ? 'url' : 'registry', url };
  return path === undefined ? { type: 'registry' } : { type: 'file', path };
}
