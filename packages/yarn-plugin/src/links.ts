import type { Project } from '@yarnpkg/core';
import { npath } from '@yarnpkg/fslib';
import { loadCore } from './guard.ts';
import { refusal } from './refuse.ts';

/** Refuses to link through links that lead out of the project and may be the repository's. */
export async function refuseLinksOut(project: Project): Promise<void> {
  // Plug'n'Play writes nothing to node_modules.
  if (project.configuration.get('nodeLinker') === 'pnp') return;
  const { projectLink } = await loadCore();
  const link = projectLink({
    root: npath.fromPortablePath(project.cwd),
    folders: project.workspaces.map(({ cwd }) => npath.fromPortablePath(cwd)),
  });
  if (link === undefined) return;
  throw refusal(`tarwarden: nothing is linked: ${link.problem}\nwhat to do: ${link.remedy}`);
}
