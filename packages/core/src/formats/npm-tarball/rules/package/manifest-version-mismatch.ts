import { quote } from '../../../../text/printable.ts';
import type { MetadataRule } from '../../../../rules/rule.ts';

/** Registries drop a leading `v` or `=` and build metadata. */
function comparable(version: string): string {
  return version
    .trim()
    .replace(/^[v=\s]+/, '')
    .replace(/^([^+]*)\+.*$/, '$1');
}

export const manifestVersionMismatch: MetadataRule = {
  kind: 'metadata',
  id: 'manifest-version-mismatch',
  level: 'error',
  summary: 'package.json has another version than the package that was asked for',
  advice: {
    forUsers:
      'Do not install it: you get another version than the one that you asked for, perhaps an old one with a known vulnerability. Compare the sha512 with the one on the public registry.',
    forPublishers: 'Publish under the version in package.json.',
  },
  check: (npm, report, context) => {
    const { manifest } = npm;
    const { version } = context.expected;
    if (version === undefined || !manifest?.ok) return;
    if (manifest.version !== undefined && comparable(manifest.version) === comparable(version))
      return;
    const found = manifest.version === undefined ? 'no version' : quote(manifest.version);
    report(`${found} instead of ${quote(version)}`, npm.manifestEntries.at(-1));
  },
};
