import { defineRule, type Rule } from './define-rule.ts';

export const duplicatePathIdentical: Rule<'duplicate-path-identical'> = defineRule({
  id: 'duplicate-path-identical',
  level: 'note',
  summary: 'Two entries with the same content have the same path',
  remedy:
    'Nothing needs doing: whichever is kept, the file is the same. As its publisher, repack with a current client, which lists each file once.',
});
