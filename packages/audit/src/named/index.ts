/* Gets the archives of a package that a user names, as an audit gets those of a lockfile: from caches, then from registries. */
import type { NamedVersion } from '@tarwarden/core/policy';
import { lockedNamedPackage, type NamedPackageOptions, type NamedResult } from './named-archive.ts';

/**
 * Yields the archives that a client on this machine may choose for a package, and at least one result. An archive that cannot be
 * fetched is a result too.
 *
 * @throws TarwardenError if a settings file cannot be read.
 */
export async function* namedArchives(
  request: NamedVersion | URL,
  options: NamedPackageOptions,
): AsyncGenerator<NamedResult> {
  if (request instanceof URL) {
    const { archiveAt } = await import('./address.ts');
    return yield await archiveAt(request.href, options);
  }
  const namedPackage = { request, options };
  const locked = lockedNamedPackage(request, options.folder);
  switch (request.ecosystem) {
    case 'npm': {
      const { npmArchives } = await import('./npm-archive.ts');
      return yield* npmArchives(namedPackage, locked);
    }
    case 'pypi': {
      const { pypiArchives } = await import('./pypi-archives.ts');
      return yield* pypiArchives(namedPackage, locked);
    }
    case 'rubygems':
    case 'go': {
      const { gemArchives, goArchives } = await import('./finder-archives.ts');
      return yield* request.ecosystem === 'go'
        ? goArchives(namedPackage, locked)
        : gemArchives(namedPackage, locked);
    }
  }
}
