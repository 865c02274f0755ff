import { defineRule, type Rule } from './define-rule.ts';

export const extendedHeaderOversized: Rule<'extended-header-oversized'> = defineRule({
  id: 'extended-header-oversized',
  level: 'error',
  stopsReading: true,
  summary: 'An extended header is larger than any real one; node-tar ignores such headers',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
});
