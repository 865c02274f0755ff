import { quote } from '../../../../text/printable.ts';

/** What RubyGems takes, but for a dot at the beginning. */
const NAME = /^[a-zA-Z0-9_-][a-zA-Z0-9._-]*$/;
const VERSION = /^[0-9]+(?:\.[0-9a-zA-Z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;
const PLATFORM = /^(?:[a-zA-Z0-9_-][a-zA-Z0-9._-]*)?$/;

import type { GemspecRule } from '../../gemspec-rule.ts';

export const rule: GemspecRule = {
  kind: 'metadata',
  id: 'gemspec-unsafe-name',
  level: 'error',
  summary: 'The name, version or platform of the gem is not a name of a folder',
  advice: {
    forUsers:
      'Do not install it, and report it to the source: RubyGems makes a path of the three, and would install in another folder than the one of the gem.',
    forPublishers: 'Name the gem with letters, digits, `-`, `_` and `.` alone.',
  },
  check: ({ gemspec }, report) => {
    if (!gemspec?.ok) return;
    const { name, version, platforms } = gemspec;
    if (!NAME.test(name)) report(`the name ${quote(name)}`);
    if (!VERSION.test(version)) report(`the version ${quote(version)}`);
    for (const platform of platforms)
      if (!PLATFORM.test(platform)) report(`the platform ${quote(platform)}`);
  },
};
