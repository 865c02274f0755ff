import { defineRule, type Rule } from './define-rule.ts';

export const paxSizeMismatch: Rule<'pax-size-mismatch'> = defineRule({
  id: 'pax-size-mismatch',
  level: 'error',
  summary:
    'The PAX size of an entry differs from its header, so extractors disagree where the next entry starts',
  remedy:
    'Do not install it, and report it to the registry: by one of the sizes there are files that the other one hides. As its publisher, repack with a current client; a PAX size is needed from 8 GiB on, which no package reaches.',
});
