import { defineRule, type Rule } from './define-rule.ts';

export const manifestInvalid: Rule<'manifest-invalid'> = defineRule({
  id: 'manifest-invalid',
  level: 'error',
  stopsReading: true,
  summary: 'package.json cannot be read',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
  package: (contents, tell) => {
    if (contents.manifest?.ok === false)
      tell(contents.manifest.problem, contents.manifestEntries.at(-1));
  },
});
