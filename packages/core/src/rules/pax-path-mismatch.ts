import { defineRule, type Rule } from './define-rule.ts';

export const paxPathMismatch: Rule<'pax-path-mismatch'> = defineRule({
  id: 'pax-path-mismatch',
  level: 'error',
  summary:
    'The PAX path of an entry differs from its header, so extractors unpack it to different places',
  remedy:
    'Do not install it: a reader that does not know PAX writes the file to another path. As its publisher, repack with a current client, which writes the beginning of the same path into the header.',
});
