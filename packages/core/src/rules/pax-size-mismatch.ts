import { defineRule, type Rule } from './define-rule.ts';

export const paxSizeMismatch: Rule<'pax-size-mismatch'> = defineRule({
  id: 'pax-size-mismatch',
  level: 'error',
  summary:
    'The PAX size of an entry differs from its header, so extractors disagree where the next entry starts',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
});
