import { Trait } from '../../../../containers/entry.ts';
import type { EntryRule } from '../../../../rules/rule.ts';

export const executableWithoutOwner: EntryRule = {
  kind: 'entry',
  id: 'executable-without-owner',
  level: 'warning',
  summary:
    'The mode of a file lets others run it but not its owner, so installers disagree whether it can be run',
  advice: {
    forUsers:
      'You need not do anything if pip builds the sdist: pip lets everybody run the file. Other tools let nobody run it.',
    forPublishers:
      'Give the file an ordinary mode (`chmod 755` or `chmod 644`), and build the sdist again.',
  },
  field: 'mode',
  traits: Trait.ExecuteWithoutOwner,
  check: (entry) => `mode ${entry.mode.toString(8)}`,
};
