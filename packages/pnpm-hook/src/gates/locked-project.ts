/* The project whose lockfile pnpm shows, and the refusals that look at its folders. */
import { workspaceFolders } from '@tarwarden/host/workspace-members';
import { inWorker } from '../engine.ts';
import type { PnpmLockfile } from '../pnpm-shapes.ts';
import { refuseLocalEdges } from '../project/local-edges.ts';
import type { Session } from '../session.ts';

export const MANIFESTS = ['package.json', 'package.json5', 'package.yaml'];

/** A folder with a lockfile, and the session for it. */
export interface LockedProject {
  readonly lockfileDir: string;
  readonly session: Session;
}

/** The folders of the projects that a lockfile is for. Relative ones are below the lockfile's folder. */
export function projectsOf(
  { importers = {} }: PnpmLockfile,
  { lockfileDir, session: { workspaces = [] } }: LockedProject,
): readonly string[] {
  const members = inWorker ? workspaceFolders(lockfileDir, workspaces, MANIFESTS) : [];
  return [...Object.keys(importers), ...members];
}

export const NO_SPECIFIERS = { specifiers: [], overridden: [] };

export function refuseLocal(lockfile: PnpmLockfile, { lockfileDir, session }: LockedProject): void {
  const { own = NO_SPECIFIERS, workspaces = [] } = session;
  refuseLocalEdges(lockfile, {
    lockfileDir,
    own,
    folders: () => workspaceFolders(lockfileDir, workspaces, MANIFESTS),
  });
}
