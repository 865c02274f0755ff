import { unsafeGemParts } from '../../../../metadata/gem-name.ts';
import {
  unsafeCommand,
  unsafeGemPath,
  unsafeLoadPath,
  unsafeRdocPath,
  unsafeSourcePath,
} from '../../../../metadata/gem-paths.ts';
import { unsafeRdocOptions } from '../../../../metadata/rdoc-options.ts';
import { withCodes } from '../../../../rules/table-rows.ts';
import { quote } from '../../../../text/printable.ts';
import type { GemspecRule } from '../../gemspec-rule.ts';

const unsafe = withCodes({
  id: 'gemspec-unsafe',
  level: 'error',
  summary: 'The gemspec makes RubyGems run, load or replace something outside of the gem',
  advice: {
    forUsers:
      'Do not install it, and report it to the source: RubyGems would use a file, a folder or a class that does not belong to the gem, which can run code.',
    forPublishers: 'Name files of the gem by their path in it, and build the gem with `gem build`.',
  },
});

/** The check for each field whose paths RubyGems uses for more than opening a file. */
const UNSAFE: Readonly<Record<string, (path: string) => string | undefined>> = {
  bindir: unsafeSourcePath,
  extensions: (path) => unsafeRdocPath(path, unsafeSourcePath),
  require_paths: (path) => unsafeRdocPath(path, unsafeLoadPath),
  extra_rdoc_files: (path) => unsafeRdocPath(path, unsafeGemPath),
};

export const gemspecPathEscapes: GemspecRule = {
  ...unsafe(
    'gemspec-path-escapes',
    'The gemspec contains a path that leads out of the gem, a command that is not a plain name, or an option of RDoc that sets folders',
  ),
  kind: 'metadata',
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

export const gemspecUnknownField: GemspecRule = {
  ...unsafe('gemspec-unknown-field', 'The gemspec has a field that RubyGems does not write'),
  kind: 'metadata',
  check: ({ gemspec }, report) => {
    if (gemspec?.ok) for (const field of gemspec.unknown) report(quote(field));
  },
};

export const gemspecUnsafeClass: GemspecRule = {
  ...unsafe(
    'gemspec-unsafe-class',
    'The gemspec contains a value of a class or type that RubyGems does not write there',
  ),
  kind: 'metadata',
  check: ({ gemspec }, report) => {
    if (gemspec?.ok) for (const detail of gemspec.classes) report(detail);
  },
};

export const gemspecUnsafeName: GemspecRule = {
  ...unsafe(
    'gemspec-unsafe-name',
    'The name, version or platform of the gem cannot be the name of a folder',
  ),
  kind: 'metadata',
  check: ({ gemspec }, report) => {
    if (!gemspec?.ok) return;
    for (const part of unsafeGemParts(gemspec)) report(part);
  },
};
