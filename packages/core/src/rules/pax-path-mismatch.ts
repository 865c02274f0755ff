import { defineRule, type Rule } from './define-rule.ts';

export const paxPathMismatch: Rule<'pax-path-mismatch'> = defineRule({
  id: 'pax-path-mismatch',
  level: 'error',
  summary:
    'The PAX path of an entry differs from its header, so extractors unpack it to different places',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
});
