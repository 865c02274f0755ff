/*
 * A lockfile may say that a package comes inside the archive of another one. Such a package has no integrity. If the archive does not
 * contain it, npm may fetch it from a registry.
 */
import type { Limits } from '@tarwarden/core/limits';
import { plural, quote } from '@tarwarden/core/text';
import type { ArchiveComparison } from './auditor.ts';
import { archiveFiles } from './compare/archive-files.ts';
import type { AuditTask } from './plan.ts';

/** Folders that a message names. */
const NAMED_MAX = 3;

/** Undefined if no lockfile says that the package brings others. */
export function bundledCompare(task: AuditTask, limits: Limits): ArchiveComparison | undefined {
  const folders = new Set(task.flatMap(({ locked }) => locked.brings ?? []));
  if (folders.size === 0) return undefined;
  return ({ bytes, format }) => {
    const files = archiveFiles(bytes, format, limits);
    const absent = [...folders].filter((folder) => !files.has(`${folder}/package.json`));
    if (absent.length === 0) return [];
    const named = absent.slice(0, NAMED_MAX).map(quote).join(', ');
    const more = absent.length > NAMED_MAX ? ` and more, ${plural(absent.length, 'package')}` : '';
    const message = `the lockfile says that it brings ${named}${more}, which its archive does not have`;
    return [{ id: 'not-locked', level: 'error', message }];
  };
}
