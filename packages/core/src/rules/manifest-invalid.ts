import { defineRule, type Rule } from './define-rule.ts';

export const manifestInvalid: Rule<'manifest-invalid'> = defineRule({
  id: 'manifest-invalid',
  level: 'error',
  stopsReading: true,
  summary: 'package.json cannot be read',
  remedy:
    'Do not install it: its scripts and dependencies cannot be checked. As its publisher, check the file with `node -p "require(\'./package.json\')"`, and publish anew.',
  package: (contents, tell) => {
    if (contents.manifest?.ok === false)
      tell(contents.manifest.problem, contents.manifestEntries.at(-1));
  },
});
