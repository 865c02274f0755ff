import { quote } from '../../../../text/printable.ts';
import { settledPath } from '../../../../tree/package-path.ts';
import type { GemspecRule } from '../../gemspec-rule.ts';

/** Files that RubyGems and RDoc look for in each folder of the load path, with the endings of Ruby files and of libraries. */
const PLUGINS = ['rubygems_plugin', 'rdoc/discover'].flatMap((name) =>
  ['', '.rb', '.so', '.bundle', '.dll', '.dylib', '.o', '.jar'].map((suffix) => name + suffix),
);

export const gemPlugin: GemspecRule = {
  kind: 'metadata',
  id: 'gem-plugin',
  level: 'note',
  summary: 'The gem has a plugin, which RubyGems or RDoc loads in later commands',
  advice: {
    forUsers:
      'Look into the file before you install the gem, if you did not expect a plugin: RubyGems then runs it at every `gem` command, or RDoc runs it whenever it builds documentation.',
    forPublishers:
      'You need not do anything if the gem is meant to be a plugin. Otherwise rename the file.',
  },
  check: ({ gemspec, tree }, report) => {
    if (!gemspec?.ok) return;
    for (const folder of new Set(gemspec.requirePaths))
      for (const name of PLUGINS) {
        const path = settledPath(`${folder}/${name}`);
        const place = tree.files.get(path);
        if (place !== undefined && place.kind !== 'directory') report(quote(path), place.entry);
      }
  },
};
