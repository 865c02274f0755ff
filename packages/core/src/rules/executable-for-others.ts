import { defineRule, type Rule } from './define-rule.ts';

export const executableForOthers: Rule<'executable-for-others'> = defineRule({
  id: 'executable-for-others',
  level: 'note',
  summary: 'The mode of a file that no manager runs lets others run it and not its owner',
  remedy:
    'Nothing needs doing: whether the file is made executable differs between managers, and none of them runs it. As its publisher, give it an ordinary mode (`chmod 644`) when you pack next.',
  package: (contents, tell) => {
    for (const { entry, run } of contents.oddlyExecutable) {
      if (run === undefined) tell(`mode ${entry.mode.toString(8)}`, entry);
    }
  },
});
