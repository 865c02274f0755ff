import type { Policy } from './policy.ts';

/**
 * A policy for the archive of a source repository, which is unpacked to a folder and packed there anew. Links inside it are
 * usual. Exceptions do not hold: they are for packages, and what one lets pass here would be written through a link.
 */
export function repositoryPolicy(policy: Policy): Policy {
  const { proposals, ...rest } = policy;
  void proposals;
  return { ...rest, links: 'contained', exceptions: [] };
}
