import { quote } from '../../../../text/printable.ts';
import type { GemspecRule } from '../../gemspec-rule.ts';

export const gemExtension: GemspecRule = {
  kind: 'metadata',
  id: 'gem-extension',
  level: 'note',
  summary:
    'RubyGems builds an extension of the gem when it installs it, which runs code of the gem',
  advice: {
    forUsers:
      'Read the file that builds the extension before you install the gem, or look for a gem of the same version for your platform: it is compiled already.',
    forPublishers:
      'You need not do anything. If you can, publish compiled gems for the usual platforms too.',
  },
  check: ({ gemspec }, report) => {
    if (!gemspec?.ok) return;
    for (const path of gemspec.extensions) report(quote(path));
  },
};
