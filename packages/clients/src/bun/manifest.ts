/* A package.json as bun reads it: comments and commas at the end are allowed. If a key occurs twice, all its values count. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseTree, type Node, type ParseError } from 'jsonc-parser';
import { printable } from '@tarwarden/core/text';
import { foldersAbove } from '@tarwarden/guard/folders-above';
import { mayBeMember } from '@tarwarden/guard/workspace-members';
import { readText } from '../shared/files.ts';

export type ManifestNode = Node;

export function hasManifest(folder: string): boolean {
  return existsSync(join(folder, 'package.json'));
}

/**
 * The package.json of a folder. Undefined if none is there, or it is empty.
 * @throws an Error if it cannot be read.
 */
export function bunManifest(folder: string): ManifestNode | undefined {
  const path = join(folder, 'package.json');
  const fileText = readText(path);
  if (fileText === undefined) return undefined;
  if (fileText.unreadable !== undefined) throw new Error(printable(fileText.unreadable, 4096));
  const root = objectIn(fileText.text);
  if (root === undefined && fileText.text.trim() !== '')
    throw new Error(`${printable(path, 4096)} cannot be read: it does not hold a JSON object`);
  return root;
}

function objectIn(text: string): ManifestNode | undefined {
  const errors: ParseError[] = [];
  try {
    const root = parseTree(text, errors, { allowTrailingComma: true });
    return errors.length === 0 && root?.type === 'object' ? root : undefined;
  } catch {
    return undefined; // Brackets that are too deep.
  }
}

export function childValues(node: ManifestNode | undefined, name: string): ManifestNode[] {
  return (node?.children ?? []).flatMap(({ children: [key, value] = [] }) =>
    key?.value === name && value !== undefined ? [value] : [],
  );
}

/** The patterns of the workspaces. bun takes a list, and an object with a list in it. */
export function bunWorkspaces(folder: string): readonly string[] {
  return childValues(bunManifest(folder), 'workspaces')
    .flatMap((value) => (value.type === 'object' ? childValues(value, 'packages') : [value]))
    .flatMap((list) => (list.type === 'array' ? (list.children ?? []) : []))
    .flatMap(({ type, value }) => (type === 'string' ? [value as string] : []));
}

/** The nearest folder with a package.json, else `folder`. */
export function bunPackage(folder: string): string {
  return foldersAbove(folder).find(hasManifest) ?? resolve(folder);
}

/**
 * The project folder for bun: the root of the workspace that lists the nearest package, or else the folder of that package. If there is
 * no package, `folder`.
 * @throws an Error if a package.json on the way cannot be read.
 */
export function bunRoot(folder: string): string {
  const packageFolder = bunPackage(folder);
  const above = foldersAbove(packageFolder).slice(1).filter(hasManifest);
  return (
    above.find((root) => mayBeMember(root, packageFolder, bunWorkspaces(root))) ?? packageFolder
  );
}
