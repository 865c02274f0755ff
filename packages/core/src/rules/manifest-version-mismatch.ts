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
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
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
