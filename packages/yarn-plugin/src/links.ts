import { nothingInstalled } from '@tarwarden/guard/kit';
import type { Cache, Project } from '@yarnpkg/core';
import { npath, type PortablePath } from '@yarnpkg/fslib';
import type { Guards } from './guards.ts';

type WrittenProject = Pick<Project, 'cwd'> & {
  readonly workspaces: readonly { readonly cwd: PortablePath }[];
};

/** Refuses to install if a link of the repository would make Yarn write outside of the project. */
export async function refuseLinksOut(project: WrittenProject, guards: Guards): Promise<void> {
  const text = await linkOut(project, guards);
  if (text !== undefined) throw guards.refusal(text);
}

/**
 * The same before Yarn makes its cache, because Yarn writes a .gitignore there long before it installs. Yarn prints such an early error
 * without the lines of a report, and with a stack unless the error says that it needs none.
 */
export async function refuseCacheOut({ configuration }: Cache, guards: Guards): Promise<void> {
  const { projectCwd: cwd } = configuration;
  if (cwd === null) return;
  const text = await linkOut({ cwd, workspaces: [] }, guards);
  if (text === undefined) return;
  throw Object.assign(guards.refusal(text), { message: text, clipanion: { type: 'none' } });
}

/** Why nothing may be installed, and what to do; undefined if no link leads out. */
async function linkOut(
  { cwd: root, workspaces }: WrittenProject,
  guards: Guards,
): Promise<string | undefined> {
  const { projectLink } = await guards.core();
  const link = projectLink('yarn', {
    root: npath.fromPortablePath(root),
    folders: workspaces.map(({ cwd }) => npath.fromPortablePath(cwd)),
  });
  return link && nothingInstalled(link.name, link.problem, link.remedy).block;
}
