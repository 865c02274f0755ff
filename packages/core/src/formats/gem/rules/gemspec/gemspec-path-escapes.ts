import {
  unsafeCommand,
  unsafeGemPath,
  unsafeLoadPath,
  unsafeRdocPath,
  unsafeSourcePath,
} from '../../../../metadata/gem-paths.ts';
import { unsafeRdocOptions } from '../../../../metadata/rdoc-options.ts';
import { quote } from '../../../../text/printable.ts';
import type { GemspecRule } from '../../gemspec-rule.ts';

/** The check for each field whose paths RubyGems uses for more than opening a file. */
const UNSAFE: Readonly<Record<string, (path: string) => string | undefined>> = {
  bindir: unsafeSourcePath,
  extensions: (path) => unsafeRdocPath(path, unsafeSourcePath),
  require_paths: (path) => unsafeRdocPath(path, unsafeLoadPath),
  extra_rdoc_files: (path) => unsafeRdocPath(path, unsafeGemPath),
};

export const gemspecPathEscapes: GemspecRule = {
  kind: 'metadata',
  id: 'gemspec-path-escapes',
  level: 'error',
  summary:
    'The gemspec contains a path that leads out of the gem, a command that is not a plain name, or an option of RDoc that sets folders',
  advice: {
    forUsers:
      'Do not install it: RubyGems would run, load or replace a file that does not belong to the gem.',
    forPublishers: 'Name files of the gem, by their path in it.',
  },
  check: ({ gemspec }, report) => {
    if (!gemspec?.ok) return;
    const { bindir, executables, extensions, requirePaths, files } = gemspec;
    for (const [option, why] of unsafeRdocOptions(gemspec.rdocOptions))
      report(`rdoc_options: ${quote(option)}: ${why}`);
    for (const name of executables) {
      const why = unsafeCommand(name);
      if (why !== undefined) report(`the command ${quote(name)}: ${why}`);
    }
    for (const [field, paths] of Object.entries({
      bindir: [bindir],
      extensions,
      require_paths: requirePaths,
      files,
      test_files: gemspec.testFiles,
      extra_rdoc_files: gemspec.rdocFiles,
    })) {
      for (const path of paths) {
        const why = (UNSAFE[field] ?? unsafeGemPath)(path);
        if (why !== undefined) report(`${field}: ${quote(path)}: ${why}`);
      }
    }
  },
};
