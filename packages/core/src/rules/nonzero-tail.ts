import { defineRule, type Rule } from './define-rule.ts';

export const nonzeroTail: Rule<'nonzero-tail'> = defineRule({
  id: 'nonzero-tail',
  level: 'error',
  stopsReading: true,
  summary: 'Bytes follow the end-of-archive marker',
  remedy:
    'Do not install it before you know what the bytes are: they are not inspected. As its publisher, repack with a current client, which ends the archive with zeros alone.',
});
