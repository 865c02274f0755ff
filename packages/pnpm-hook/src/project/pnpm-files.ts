/* Refuses links of the repository through which pnpm would write outside of the project. */
import { projectLink } from '@tarwarden/host';
import { nothingInstalledLine } from '@tarwarden/guarded-run/kit';
import { notInspectedError } from '../messages.ts';
import type { PnpmConfig } from '../pnpm-shapes.ts';

/**
 * @param projects Projects of the workspace; relative ones are below the lockfile's folder.
 * @throws HookError that names the link.
 */
export function refuseProjectLinks(lockfileDir: string, projects: readonly string[]): void {
  const link = projectLink('pnpm', { root: lockfileDir, folders: projects });
  if (link !== undefined) throw notInspectedError(nothingInstalledLine(link.problem, link.remedy));
}

/**
 * The same for `pnpm patch-commit`, which writes before pnpm calls any other hook.
 * @throws HookError that names the link.
 */
export function refusePatchLinks({ lockfileDir, workspaceDir, dir }: PnpmConfig): void {
  const root = [lockfileDir, workspaceDir, dir].find((path) => typeof path === 'string');
  if (typeof root === 'string') refuseProjectLinks(root, []);
}
