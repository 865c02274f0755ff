import type { Policy } from './policy.ts';

/**
 * Adds exceptions for a zip that Yarn made of a tarball: each exception for the tarball holds for the zip too, so that the user does
 * not have to accept the same link twice. Only the first folder of the path differs.
 *
 * @param zip The zip's SHA-512 (hex), the paths of its entries, and the SHA-512 of the tarball.
 */
export function withInherited(
  policy: Policy,
  zip: { readonly sha512: string; readonly spelled: readonly string[]; readonly from: string },
): Policy {
  const own = policy.exceptions.filter((exception) => exception.sha512 === zip.from);
  if (own.length === 0) return policy;
  const top = zip.spelled
    .map((path) => /^node_modules\/(?:@[^/]+\/)?[^/@][^/]*\//.exec(path)?.[0])
    .find((found) => found !== undefined);
  const moved = own.map((exception) => {
    const { entry } = exception;
    if (entry === undefined) return { ...exception, sha512: zip.sha512 };
    const inside = entry.slice(entry.indexOf('/') + 1);
    return { ...exception, sha512: zip.sha512, entry: `${top ?? ''}${inside}` };
  });
  return { ...policy, exceptions: [...policy.exceptions, ...moved] };
}
