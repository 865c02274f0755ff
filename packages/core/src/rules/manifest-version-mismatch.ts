import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

/** Registries drop a leading `v` or `=` and build metadata. */
function comparable(version: string): string {
  return version
    .trim()
    .replace(/^[v=\s]+/, '')
    .replace(/\+.*$/, '');
}

export const manifestVersionMismatch: Rule<'manifest-version-mismatch'> = defineRule({
  id: 'manifest-version-mismatch',
  level: 'error',
  summary: 'package.json has another version than the package that was asked for',
  remedy:
    'Do not install it: another version stands in its place, perhaps an old one with a known hole. Compare the sha512 with the one on the public registry. As its publisher, publish under the version in package.json.',
  package: (contents, tell, context) => {
    const { manifest } = contents;
    const { version } = context.expected;
    if (version === undefined || !manifest?.ok) return;
    if (manifest.version !== undefined && comparable(manifest.version) === comparable(version))
      return;
    const found = manifest.version === undefined ? 'no version' : quote(manifest.version);
    tell(`${found} instead of ${quote(version)}`, contents.manifestEntries.at(-1));
  },
});
