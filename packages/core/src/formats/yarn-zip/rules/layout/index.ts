import type { ReaderRule } from '../../../../rules/rule.ts';
import { advice } from '../../../../rules/table-rows.ts';

export const yarnZipLayoutRules: readonly ReaderRule[] = [
  {
    id: 'zip-outside-package',
    level: 'error',
    summary: 'A zip entry is outside the package folder',
    advice: advice(
      'Do not use the file: it contains more than the one package that its name states. Delete it, install again, and find out who wrote or committed it.',
    ),
  },
];
