import { defineRule, type Rule } from './define-rule.ts';

export const sizeOnNonFile: Rule<'size-on-non-file'> = defineRule({
  id: 'size-on-non-file',
  level: 'error',
  summary: 'An entry that is no file declares content, which extractors skip or read as headers',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
});
