import { defineRule, type Rule } from './define-rule.ts';

export const paxLinkpathMismatch: Rule<'pax-linkpath-mismatch'> = defineRule({
  id: 'pax-linkpath-mismatch',
  level: 'error',
  summary: 'A PAX link target differs from the header, or stands before what is no link',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
});
