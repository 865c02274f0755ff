import { defineRule, type Rule } from './define-rule.ts';

export const gzipTrailingBytes: Rule<'gzip-trailing-bytes'> = defineRule({
  id: 'gzip-trailing-bytes',
  level: 'error',
  summary: 'Bytes follow the end of the gzip data',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
});
