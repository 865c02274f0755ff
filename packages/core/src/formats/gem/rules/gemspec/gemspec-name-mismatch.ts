import { quote } from '../../../../text/printable.ts';
import type { GemspecRule } from '../../gemspec-rule.ts';

export const gemspecNameMismatch: GemspecRule = {
  kind: 'metadata',
  id: 'gemspec-name-mismatch',
  level: 'error',
  summary: 'The gemspec has another name than the gem that was asked for',
  advice: {
    forUsers:
      'Do not install it: you get another gem than the one that you asked for. Compare the checksum with the one of rubygems.org, and look at your mirror and cache.',
    forPublishers: 'Publish under the name in the gemspec.',
  },
  check: ({ gemspec }, report, { expected: { name } }) => {
    if (gemspec?.ok && name !== undefined && gemspec.name !== name)
      report(`${quote(gemspec.name)} instead of ${quote(name)}`);
  },
};
