import { defineRule, type Rule } from './define-rule.ts';

export const tarChecksum: Rule<'tar-checksum'> = defineRule({
  id: 'tar-checksum',
  level: 'error',
  stopsReading: true,
  summary: 'A tar header is damaged',
  remedy:
    'Fetch it again. Where it stays, a header was changed after packing, and npm leaves its entry out without failing: do not install it, and tell its maintainers. As its publisher, pack with a current client; every one writes the right checksum.',
});
