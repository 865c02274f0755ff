import type { LockedPackage } from '@tarwarden/lockfiles';

/** Why no archive of a package is fetched. Undefined for packages that have one. */
export function whyNotFetched({ source }: LockedPackage): string | undefined {
  switch (source.type) {
    case 'folder':
      return 'a folder, which is not fetched';
    case 'workspace':
      return 'a folder of the project';
    case 'bundled':
      return 'inside the archive of another package';
    case 'patch':
      return 'made on this machine from a package that has an entry of its own';
    default:
      return undefined;
  }
}
