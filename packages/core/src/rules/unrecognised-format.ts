import { defineRule, type Rule } from './define-rule.ts';

export const unrecognisedFormat: Rule<'unrecognised-format'> = defineRule({
  id: 'unrecognised-format',
  level: 'error',
  stopsReading: true,
  summary: 'The file is neither a gzip nor a tar archive',
  remedy:
    'Fetch it again; if it stays, the archive was damaged or crafted and must not be installed.',
});
