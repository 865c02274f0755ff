import { Trait } from '../../../../containers/entry.ts';
import type { EntryRule } from '../../../../rules/rule.ts';

export const executableWithoutOwner: EntryRule = {
  kind: 'entry',
  id: 'executable-without-owner',
  level: 'warning',
  summary:
    'The mode of a file lets others run it and not its owner, so installers disagree whether it can be run',
  advice: {
    forUsers:
      'Nothing has to be done where pip builds it: it lets everybody run the file. Other tools let nobody.',
    forPublishers:
      'Give the file an ordinary mode (`chmod 755` or `chmod 644`), and build the sdist anew.',
  },
  field: 'mode',
  traits: Trait.ExecuteWithoutOwner,
  check: (entry) => `mode ${entry.mode.toString(8)}`,
};
