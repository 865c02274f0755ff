import { defineRule, type Rule } from './define-rule.ts';

export const sizeOnNonFile: Rule<'size-on-non-file'> = defineRule({
  id: 'size-on-non-file',
  level: 'error',
  summary: 'An entry that is no file declares content, which extractors skip or read as headers',
  remedy:
    'Do not install it: part of the managers read the content of the entry as further files. Report it to the registry. As its publisher, repack with a current client, which gives folders and links the size 0.',
});
