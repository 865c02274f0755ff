import type { MetadataRule } from '../../../../rules/rule.ts';
import { withCodes } from '../../../../rules/table-rows.ts';
import { quote } from '../../../../text/printable.ts';

const mismatch = withCodes({
  id: 'manifest-mismatch',
  level: 'error',
  summary: 'package.json has another name or version than the package that was asked for',
  advice: {
    forUsers:
      'Do not install it: you get another package than the one that you asked for, or another version, perhaps an old one with a known vulnerability. Compare the sha512 with the one on the public registry, and look at your proxy and cache.',
    forPublishers: 'Publish under the name and the version in package.json.',
  },
});

export const manifestNameMismatch: MetadataRule = {
  ...mismatch(
    'manifest-name-mismatch',
    'package.json has another name than the package that was asked for',
  ),
  kind: 'metadata',
  check: (npm, report, context) => {
    const { manifest } = npm;
    if (
      context.expected.name === undefined ||
      !manifest?.ok ||
      manifest.name === context.expected.name
    )
      return;
    const found = manifest.name === undefined ? 'no name' : quote(manifest.name);
    report(`${found} instead of ${quote(context.expected.name)}`, npm.manifestEntries.at(-1));
  },
};

/** Registries drop a leading `v` or `=` and build metadata. */
function comparable(version: string): string {
  return version
    .trim()
    .replace(/^[v=\s]+/, '')
    .replace(/^([^+]*)\+.*$/, '$1');
}

export const manifestVersionMismatch: MetadataRule = {
  ...mismatch(
    'manifest-version-mismatch',
    'package.json has another version than the package that was asked for',
  ),
  kind: 'metadata',
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
