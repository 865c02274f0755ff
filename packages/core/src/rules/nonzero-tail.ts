import { defineRule, type Rule } from './define-rule.ts';

export const nonzeroTail: Rule<'nonzero-tail'> = defineRule({
  id: 'nonzero-tail',
  level: 'error',
  stopsReading: true,
  summary: 'Bytes follow the end-of-archive marker',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
});
