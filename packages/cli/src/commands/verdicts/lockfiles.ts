/* The packages that lockfiles name, as for an audit. */
import { dirname, resolve } from 'node:path';
import { lockfilesAt, planOf, sourcesFor, type AuditPlan } from '@tarwarden/audit';
import { printablePath } from '@tarwarden/core/text';
import { UsageError } from '@tarwarden/host/command-line';

/** The packages of one lockfile, and where they are fetched from. */
export interface LockfilePlan {
  readonly plan: AuditPlan;
  readonly sources: ReturnType<typeof sourcesFor>;
}

/** One plan for each lockfile, because the settings of its folder hold for it. */
export function lockedAt(paths: readonly string[], offline: boolean): LockfilePlan[] {
  return (paths.length === 0 ? ['.'] : paths).flatMap((path) => {
    const files = lockfilesAt(path);
    if (files.length === 0)
      throw new UsageError(`no lockfile found in ${printablePath(path)}`, 'verdicts');
    return files.map((file) => {
      const folder = resolve(file.path === path ? dirname(path) : path);
      return { plan: planOf([file]), sources: sourcesFor(folder, { env: process.env, offline }) };
    });
  });
}
