import { defineRule, type Rule } from './define-rule.ts';

export const paxGlobalOverride: Rule<'pax-global-override'> = defineRule({
  id: 'pax-global-override',
  level: 'error',
  summary: 'A global PAX header changes all later entries, which part of the extractors ignore',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
});
