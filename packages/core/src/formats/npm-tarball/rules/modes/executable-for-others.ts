import type { MetadataRule } from '../../../../rules/rule.ts';

export const executableForOthers: MetadataRule = {
  kind: 'metadata',
  id: 'executable-for-others',
  level: 'note',
  summary: 'The mode of a file that no manager runs lets others run it but not its owner',
  advice: {
    forUsers:
      'You need not do anything. Managers disagree whether the file is executable, but none of them runs it.',
    forPublishers: 'Give it an ordinary mode (`chmod 644`) when you pack next.',
  },
  field: 'mode',
  check: (npm, report) => {
    for (const { entry, run } of npm.oddlyExecutable) {
      if (run === undefined) report(`mode ${entry.mode.toString(8)}`, entry);
    }
  },
};
