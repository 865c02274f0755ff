import { settledPath } from '../../../../tree/package-path.ts';
import { quote } from '../../../../text/printable.ts';
import type { GemspecRule } from '../../gemspec-rule.ts';

export const gemspecTargetMissing: GemspecRule = {
  kind: 'metadata',
  id: 'gemspec-target-missing',
  level: 'warning',
  summary: 'The gemspec names a command or an extension that the gem does not contain',
  advice: {
    forUsers:
      'Do not install it: RubyGems cannot create the command or build the extension, unless it finds another file at that path.',
    forPublishers: 'Add the file to `files`, or take it out of `executables` and `extensions`.',
  },
  check: ({ gemspec, tree }, report) => {
    if (!gemspec?.ok || !tree.complete) return;
    const { bindir, executables, extensions } = gemspec;
    const commands = executables.filter((name) => name !== '').map((name) => `${bindir}/${name}`);
    for (const path of [...commands, ...extensions]) {
      const place = tree.files.get(settledPath(path));
      if (place === undefined || place.kind === 'directory') report(quote(path));
    }
  },
};
