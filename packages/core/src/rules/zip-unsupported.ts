import { defineRule, type Rule } from './define-rule.ts';

export const zipUnsupported: Rule<'zip-unsupported'> = defineRule({
  id: 'zip-unsupported',
  level: 'error',
  stopsReading: true,
  summary: 'The zip uses a feature that Yarn never writes',
  remedy:
    'Delete the file and let Yarn make it again: another program wrote it. If a tool of yours packs the cache anew, have it store the archives as Yarn made them.',
});
