import { quote } from '../../../../text/printable.ts';
import type { MetadataRule } from '../../../../rules/rule.ts';

export const manifestNameMismatch: MetadataRule = {
  kind: 'metadata',
  id: 'manifest-name-mismatch',
  level: 'error',
  summary: 'package.json has another name than the package that was asked for',
  advice: {
    forUsers:
      'Do not install it: you get another package than the one that you asked for. Compare the sha512 with the one on the public registry, and look at your proxy and cache.',
    forPublishers: 'Publish under the name in package.json.',
  },
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
