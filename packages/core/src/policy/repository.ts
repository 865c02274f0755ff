import type { Policy } from './policy.ts';

/**
 * The policy for the archive of a source repository, which a client unpacks to a folder and packs again. Links inside the archive are
 * usual. Exceptions do not hold, because they are meant for packages, and here a file could be written through the link.
 */
export function repositoryPolicy(policy: Policy): Policy {
  const { proposals, presets, ...rest } = policy;
  void proposals;
  // A preset is about packages. The client packs this one again, and that archive is inspected under the preset.
  void presets;
  return { ...rest, links: 'contained', exceptions: [] };
}
