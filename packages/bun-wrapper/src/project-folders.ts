/* The folders of a project into which bun writes packages. */
import { projectLink, type ProjectLink } from '@tarwarden/host';
import { workspaceFolders } from '@tarwarden/host/workspace-members';
import {
  bunManifest,
  bunPackage,
  bunRoot,
  bunWorkspaces,
  childValues,
  type ManifestNode,
} from '@tarwarden/settings';

/**
 * A link through which bun would write outside of the project, if the link may come from the repository.
 * @throws Error if a package.json cannot be read.
 */
export function linkOutOfProject(cwd: string): ProjectLink | undefined {
  const [root, own] = [bunRoot(cwd), bunPackage(cwd)];
  const roots = [...new Set([root, own])];
  return projectLink('bun', {
    root,
    folders: roots.flatMap((root) => [root, ...workspacesOf(root)]),
  });
}

/** Folders of the workspaces in package.json. A folder without its own package.json is not a workspace. */
export function workspacesOf(root: string): readonly string[] {
  return workspaceFolders(root, bunWorkspaces(root));
}

/** Every text in the package.json of a folder. Empty if the file is missing or cannot be read. */
export function textsOf(folder: string): readonly string[] {
  return textsIn(readManifest(folder));
}

/** The specifiers of the dependencies that an installed package has. */
export function dependenciesOf(folder: string): readonly string[] {
  const manifest = readManifest(folder);
  return ['dependencies', 'optionalDependencies', 'peerDependencies']
    .flatMap((kind) => childValues(manifest, kind))
    .flatMap(textsIn);
}

function textsIn(root: ManifestNode | undefined): readonly string[] {
  const texts: string[] = [];
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.type === 'string') texts.push(node.value as string);
    // A property has a key and a value. Visit only the value.
    waiting.push(...(node.children ?? []).slice(node.type === 'property' ? 1 : 0));
  }
  return texts;
}

function readManifest(folder: string): ManifestNode | undefined {
  try {
    return bunManifest(folder);
  } catch {
    return undefined;
  }
}
