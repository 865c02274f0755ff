import { defineRule, type Rule } from './define-rule.ts';

export const paxMalformed: Rule<'pax-malformed'> = defineRule({
  id: 'pax-malformed',
  level: 'error',
  stopsReading: true,
  summary: 'A PAX header is not well formed',
  remedy:
    'Do not install it: readers that mend or skip the broken header and readers that follow it see different files. As its publisher, repack with a current client; a script of your own must count the length of a record in bytes, itself included.',
});
