import { defineRule, type Rule } from './define-rule.ts';

export const tarChecksum: Rule<'tar-checksum'> = defineRule({
  id: 'tar-checksum',
  level: 'error',
  stopsReading: true,
  summary: 'A tar header is damaged',
  remedy:
    'Fetch it again; if it stays, the archive was damaged or crafted and must not be installed.',
});
