import { defineRule, type Rule } from './define-rule.ts';

export const executeWithoutOwner: Rule<'execute-without-owner'> = defineRule({
  id: 'execute-without-owner',
  level: 'error',
  summary:
    'The mode of a file that managers run lets others run it and not its owner, so they disagree whether it can be run',
  remedy:
    'Do not install it before it is clear whether the file is meant to be run: another manager than yours decides otherwise. As its publisher, give the file an ordinary mode (`chmod 755` or `chmod 644`), and pack again.',
  package: (contents, tell) => {
    for (const { entry, run } of contents.oddlyExecutable) {
      if (run !== undefined) tell(`mode ${entry.mode.toString(8)}, ${run}`, entry);
    }
  },
});
