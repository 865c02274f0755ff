import { defineRule, type Rule } from './define-rule.ts';

export const invalidSize: Rule<'invalid-size'> = defineRule({
  id: 'invalid-size',
  level: 'error',
  stopsReading: true,
  summary:
    'The size of an entry cannot be read for certain, so extractors disagree where the next one starts',
  remedy:
    'Do not install it: what follows the entry is not inspected, and each manager finds something else there. Report it to the registry. As its publisher, repack with a current client; look for the script that wrote the size.',
});
