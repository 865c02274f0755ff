import { defineRule, type Rule } from './define-rule.ts';

export const tarTruncated: Rule<'tar-truncated'> = defineRule({
  id: 'tar-truncated',
  level: 'error',
  stopsReading: true,
  summary: 'The tar archive is cut short',
  remedy:
    'Fetch it again; if it stays, the archive was damaged or crafted and must not be installed.',
});
