import { printable } from '@tarwarden/core/text';
import { localDependency } from '@tarwarden/host/local-dependency';
import { text } from './yarn.ts';

/** The fields of Yarn's request for a package that this file uses. */
export interface PackageRequest {
  readonly pattern?: unknown;
  /** The request of the package that depends on this one. Absent if the user or the project asks. */
  readonly parentRequest?: PackageRequest | null;
  readonly resolver?: {
    readonly workspaceLayout?: {
      readonly virtualManifestName?: unknown;
      getManifestByPattern(pattern: string): unknown;
    } | null;
  };
}

export interface RefusedDependency {
  readonly subject: string;
  readonly why: string;
  readonly remedy: string;
}

/** Matches a text that Yarn takes for a folder or an archive on the disk, or git for a repository there. */
const LOCAL = /^(?:file:|link:|git\+file:|[\\/]|\.{1,2}[\\/]|[a-z]:[\\/])/i;

/**
 * Why a published package may not have a dependency with this range. Yarn 1 resolves a path in any package from the project's folder, so
 * even `file:./folder` is not inside the package. Yarn copies or links the folder, and runs its scripts.
 */
export function refusedDependency(
  request: PackageRequest,
  range: unknown,
): RefusedDependency | undefined {
  const parent = request.parentRequest;
  const specifier = text(range);
  if (!parent || specifier === undefined || !LOCAL.test(specifier)) return undefined;
  if (isOwn(parent)) return undefined;
  const subject = printable(text(parent.pattern) ?? 'a package');
  const { why, remedy } = localDependency(specifier);
  return { subject, why: `${subject}: ${why}`, remedy };
}

/** Whether a request is for the project, a workspace, or a folder that these name. */
function isOwn(request: PackageRequest): boolean {
  for (let current: PackageRequest | null | undefined = request; current;) {
    const pattern = text(current.pattern) ?? '';
    const layout = current.resolver?.workspaceLayout;
    const root = text(layout?.virtualManifestName);
    if (root !== undefined && pattern.startsWith(`${root}@`)) return true;
    if (layout?.getManifestByPattern(pattern)) return true;
    const range = pattern.slice(pattern.indexOf('@', 1) + 1);
    if (!/^(?:file:|link:|\.{0,2}\/)/.test(range) || /\.t(?:ar\.)?gz$/.test(range)) return false;
    current = current.parentRequest;
  }
  return true;
}
