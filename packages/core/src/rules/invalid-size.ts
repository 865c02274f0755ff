import { defineRule, type Rule } from './define-rule.ts';

export const invalidSize: Rule<'invalid-size'> = defineRule({
  id: 'invalid-size',
  level: 'error',
  stopsReading: true,
  summary:
    'The size of an entry cannot be read for certain, so extractors disagree where the next one starts',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
});
