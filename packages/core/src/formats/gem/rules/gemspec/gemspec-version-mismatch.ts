import { quote } from '../../../../text/printable.ts';
import type { GemspecRule } from '../../gemspec-rule.ts';

export const gemspecVersionMismatch: GemspecRule = {
  kind: 'metadata',
  id: 'gemspec-version-mismatch',
  level: 'error',
  summary: 'The gemspec has another version than the gem that was asked for',
  advice: {
    forUsers:
      'Do not install it: you get another version than the one that you asked for, perhaps an old one with a known vulnerability.',
    forPublishers: 'Publish under the version in the gemspec.',
  },
  check: ({ gemspec }, report, { expected: { version } }) => {
    if (gemspec?.ok && version !== undefined && gemspec.version !== version)
      report(`${quote(gemspec.version)} instead of ${quote(version)}`);
  },
};
