import { defineRule, type Rule } from './define-rule.ts';

export const tarPrefix: Rule<'tar-prefix'> = defineRule({
  id: 'tar-prefix',
  level: 'error',
  summary:
    'A tar header has bytes in the prefix field that only part of the extractors read as a path',
  remedy:
    'Do not install it: with pnpm and Yarn classic the file lands at another path than with npm and Yarn 4. As its publisher, pack without `--incremental`, with which GNU tar writes times into this field.',
});
