import { defineRule, type Rule } from './define-rule.ts';

export const unrecognisedFormat: Rule<'unrecognised-format'> = defineRule({
  id: 'unrecognised-format',
  level: 'error',
  stopsReading: true,
  summary: 'The file is neither a gzip nor a tar archive',
  remedy:
    'Look at the first bytes of the file: an HTML page means that a proxy or a login stands between you and the registry. Fetch it again past that; do not install it as it is. As its publisher, publish with `npm pack`, `pnpm pack` or `yarn pack`: a gzipped tar is the one format that every manager takes.',
});
