import { unsafeGemParts } from '../../../../metadata/gem-name.ts';
import type { GemspecRule } from '../../gemspec-rule.ts';

export const gemspecUnsafeName: GemspecRule = {
  kind: 'metadata',
  id: 'gemspec-unsafe-name',
  level: 'error',
  summary: 'The name, version or platform of the gem cannot be the name of a folder',
  advice: {
    forUsers:
      'Do not install it, and report it to the source: RubyGems builds a path from the three, and would install to another folder than the one of the gem.',
    forPublishers: 'Name the gem with letters, digits, `-`, `_` and `.` alone.',
  },
  check: ({ gemspec }, report) => {
    if (!gemspec?.ok) return;
    for (const part of unsafeGemParts(gemspec)) report(part);
  },
};
