import type { ExpectedPackage } from '../../../../finding/expected.ts';
import type { PackageJson } from '../../../../metadata/manifest.ts';
import type { NpmPackage } from '../../../../metadata/npm-package.ts';
import type { MetadataRule } from '../../../../rules/rule.ts';

export type ReadableManifest = Extract<PackageJson, { ok: true }>;

interface OpenManifest {
  readonly manifest: ReadableManifest;
  readonly npm: NpmPackage;
  readonly expected: ExpectedPackage;
}

/** A check of a package.json that could be read. Each finding is about its entry. */
export function checkManifest(
  check: (open: OpenManifest, report: (detail: string) => void) => void,
): Pick<MetadataRule, 'kind' | 'check'> {
  return {
    kind: 'metadata',
    check: (npm, report, { expected }) => {
      const { manifest, manifestEntries } = npm;
      if (manifest?.ok)
        check({ manifest, npm, expected }, (detail) => report(detail, manifestEntries.at(-1)));
    },
  };
}
