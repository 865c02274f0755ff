import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const manifestNameMismatch: Rule<'manifest-name-mismatch'> = defineRule({
  id: 'manifest-name-mismatch',
  level: 'error',
  summary: 'package.json has another name than the package that was asked for',
  remedy:
    'Do not install it: another package stands in its place. Compare the sha512 with the one on the public registry, and look at your proxy and cache. As its publisher, publish under the name in package.json.',
  package: (contents, tell, context) => {
    const { manifest } = contents;
    if (
      context.expected.name === undefined ||
      !manifest?.ok ||
      manifest.name === context.expected.name
    )
      return;
    const found = manifest.name === undefined ? 'no name' : quote(manifest.name);
    tell(`${found} instead of ${quote(context.expected.name)}`, contents.manifestEntries.at(-1));
  },
});
