/* Reads which packages pnpm-lock.yaml has for the requests of the project's packages. */
import { posix } from 'node:path';
import type { Collector } from '../collector.ts';
import type { LineIndex } from '../lines.ts';
import type { LockedPackage } from '../lockfile.ts';
import { isMapping, mappingField, textField, type Mapping } from '../yaml-documents.ts';

/** pnpm-workspace.yaml asks for config dependencies, with their integrity. */
const DEPENDENCIES = ['dependencies', 'devDependencies', 'optionalDependencies'];

export interface Document {
  readonly document: Mapping;
  /** The number of the document in the file. */
  readonly index: number;
  readonly lines: LineIndex;
  /** The packages of the document by key. */
  readonly packages: ReadonlyMap<string, LockedPackage>;
}

/** Version 6 has no importers for a project without workspaces. Then the document itself is one. */
export function readImporters({ document, index, lines, packages }: Document, to: Collector): void {
  const hasImporters = Object.hasOwn(document, 'importers');
  const importers = hasImporters ? mappingField(document, 'importers') : { '.': document };
  const heads = lines.allOfKeys(2);
  const names = lines.allOfKeys(hasImporters ? 6 : 2);
  for (const [folder, importer] of Object.entries(importers)) {
    if (!isMapping(importer)) continue;
    const path = folder === '.' ? '' : folder;
    to.importers.add(path);
    const starts = hasImporters ? (heads.get(folder) ?? []) : [];
    const start = starts[Math.min(index, starts.length - 1)] ?? 1;
    for (const [name, dependency] of DEPENDENCIES.flatMap((kind) =>
      Object.entries(mappingField(importer, kind)),
    )) {
      if (!isMapping(dependency)) continue;
      const line = firstAfter(names.get(name) ?? [], start) ?? start;
      const range = textField(dependency, 'specifier');
      const version = textField(dependency, 'version') ?? '';
      to.resolve({
        importer: path,
        name,
        ...(range !== undefined && { range }),
        line,
        to: folderOf({ version, path, name, line }) ?? packageOf(name, version, packages),
      });
    }
  }
}

/** The first of ascending lines after another one. A binary search, because a name may be on every line of the file. */
function firstAfter(lines: readonly number[], start: number): number | undefined {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lines[middle]! > start) high = middle;
    else low = middle + 1;
  }
  return lines[low];
}

function packageOf(
  name: string,
  reference: string,
  packages: ReadonlyMap<string, LockedPackage>,
): LockedPackage | undefined {
  const version = reference.replace(/\(.*$/s, '');
  const keys = [`${name}@${version}`, `/${name}@${version}`, version];
  return keys.map((key) => packages.get(key)).find((found) => found !== undefined);
}

/** Links have no entry of their own. Their path is relative to the package that asks. */
function folderOf(link: {
  readonly version: string;
  readonly path: string;
  readonly name: string;
  readonly line: number;
}): LockedPackage | undefined {
  if (!link.version.startsWith('link:')) return undefined;
  const path = posix.normalize(posix.join(link.path, link.version.slice('link:'.length)));
  const { name, line } = link;
  const source = { type: 'folder', path } as const;
  return { ecosystem: 'npm', name, version: '', source, line, key: name };
}
