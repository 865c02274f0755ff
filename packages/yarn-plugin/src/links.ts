import type { Project } from '@yarnpkg/core';
import { npath } from '@yarnpkg/fslib';
import type { Guards } from './guards.ts';

/** What Yarn writes in a project besides packages. */
const FILES: readonly string[] = [
  'package.json',
  'yarn.lock',
  '.pnp.cjs',
  '.pnp.data.json',
  '.pnp.loader.mjs',
  '.yarn',
  '.yarn/build-state.yml',
  '.yarn/cache',
  '.yarn/install-state.gz',
];

/** Refuses to install through links that lead out of the project and may be the repository's. */
export async function refuseLinksOut(project: Project, guards: Guards): Promise<void> {
  const { projectLink } = await guards.core();
  const link = projectLink({
    root: npath.fromPortablePath(project.cwd),
    folders: project.workspaces.map(({ cwd }) => npath.fromPortablePath(cwd)),
    // Plug'n'Play writes nothing to node_modules.
    ...(project.configuration.get('nodeLinker') === 'pnp' && { modules: [] }),
    files: FILES,
  });
  if (link === undefined) return;
  throw guards.refusal(`tarwarden: nothing is linked: ${link.problem}\nwhat to do: ${link.remedy}`);
}
