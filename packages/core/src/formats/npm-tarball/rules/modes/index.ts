import type { NpmPackage } from '../../../../metadata/npm-package.ts';
import { advice, metadataRules } from '../../../../rules/table-rows.ts';
import type { MetadataRule } from '../../../../rules/rule.ts';

export const npmModesRules: readonly MetadataRule[] = metadataRules<NpmPackage>([
  {
    id: 'execute-without-owner',
    level: 'error',
    summary:
      'The mode of a file that managers run lets others run it but not its owner, so managers disagree whether it can be run',
    advice: advice(
      'Do not install it before you know whether the file is meant to be run: managers decide this differently.',
      'Give the file an ordinary mode (`chmod 755` or `chmod 644`), and pack again.',
    ),
    field: 'mode',
    check: (npm, report) => {
      for (const { entry, run } of npm.oddlyExecutable) {
        if (run !== undefined) report(`mode ${entry.mode.toString(8)}, ${run}`, entry);
      }
    },
  },
  {
    id: 'executable-for-others',
    level: 'note',
    summary: 'The mode of a file that no manager runs lets others run it but not its owner',
    advice: advice(
      'You need not do anything. Managers disagree whether the file is executable, but none of them runs it.',
      'Give it an ordinary mode (`chmod 644`) when you pack next.',
    ),
    field: 'mode',
    check: (npm, report) => {
      for (const { entry, run } of npm.oddlyExecutable) {
        if (run === undefined) report(`mode ${entry.mode.toString(8)}`, entry);
      }
    },
  },
]);
