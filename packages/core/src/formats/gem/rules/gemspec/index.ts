import { quote } from '../../../../text/printable.ts';
import type { GemPackage } from '../../../../metadata/gem-package.ts';
import type { MetadataRule } from '../../../../rules/rule.ts';
import { settledPath } from '../../../../tree/package-path.ts';
import { advice, metadataRules, withCodes } from '../../../../rules/table-rows.ts';
import {
  unsafeGemParts,
  unsafeCommand,
  unsafeGemPath,
  unsafeLoadPath,
  unsafeRdocPath,
  unsafeSourcePath,
  unsafeRdocOptions,
} from '../../../../metadata/gem-paths.ts';

/** Files that RubyGems and RDoc look for in each folder of the load path, with the endings of Ruby files and of libraries. */
const PLUGINS = ['rubygems_plugin', 'rdoc/discover'].flatMap((name) =>
  ['', '.rb', '.so', '.bundle', '.dll', '.dylib', '.o', '.jar'].map((suffix) => name + suffix),
);

const mismatch = withCodes({
  id: 'gemspec-mismatch',
  level: 'error',
  summary: 'The gemspec has another name or version than the request or the file name',
  advice: advice(
    'Do not install it: you get another gem than the one that you asked for, or another version, perhaps an old one with a known vulnerability. Compare the checksum with the one of rubygems.org, and look at your mirror and cache.',
    'Publish under the name and version in the gemspec, and leave the file the name that `gem build` gives it.',
  ),
});

const unreadable = withCodes({
  id: 'gemspec-unreadable',
  level: 'error',
  summary: 'The gemspec cannot be read as RubyGems reads it',
  advice: advice(
    'Do not install it: RubyGems would not write such a gemspec, and may read other values from it than tarwarden and other tools.',
    'Build the gem with `gem build`, which writes the gemspec, and each key once.',
  ),
});

const unsafe = withCodes({
  id: 'gemspec-unsafe',
  level: 'error',
  summary: 'The gemspec makes RubyGems run, load or replace something outside of the gem',
  advice: advice(
    'Do not install it, and report it to the source: RubyGems would use a file, a folder or a class that does not belong to the gem, which can run code.',
    'Name files of the gem by their path in it, and build the gem with `gem build`.',
  ),
});

/** The check for each field whose paths RubyGems uses for more than opening a file. */
const UNSAFE: Readonly<Record<string, (path: string) => string | undefined>> = {
  bindir: unsafeSourcePath,
  extensions: (path) => unsafeRdocPath(path, unsafeSourcePath),
  require_paths: (path) => unsafeRdocPath(path, unsafeLoadPath),
  extra_rdoc_files: (path) => unsafeRdocPath(path, unsafeGemPath),
};

export const gemspecRules: readonly MetadataRule<GemPackage>[] = metadataRules<GemPackage>([
  {
    ...unreadable('gemspec-duplicate-key', 'The gemspec has a key twice'),
    check: ({ gemspec }, report) => {
      if (gemspec?.ok) for (const key of gemspec.repeated) report(quote(key));
    },
  },
  {
    ...mismatch('gemspec-file-name-mismatch', 'The file has another name than the gemspec says'),
    check: ({ gemspec }, report, { expected: { fileName } }) => {
      if (!gemspec?.ok || fileName === undefined) return;
      const { name, version, platforms } = gemspec;
      const plain = `${name}-${version}`;
      const nativePlatforms = platforms.filter(
        (platform) => platform !== 'ruby' && platform !== '',
      );
      const allowedStems =
        nativePlatforms.length === 0
          ? [plain]
          : nativePlatforms.map((platform) => `${plain}-${platform}`);
      if (!allowedStems.some((stem) => fileName === `${stem}.gem`))
        report(`${quote(fileName)} instead of ${quote(`${allowedStems[0]}.gem`)}`);
    },
  },
  {
    ...unreadable('gemspec-invalid', 'The gemspec cannot be read as RubyGems reads it'),
    check: ({ gemspec }, report) => {
      if (gemspec?.ok === false) report(gemspec.problem);
    },
  },
  {
    ...mismatch(
      'gemspec-name-mismatch',
      'The gemspec has another name than the gem that was asked for',
    ),
    check: ({ gemspec }, report, { expected: { name } }) => {
      if (gemspec?.ok && name !== undefined && gemspec.name !== name)
        report(`${quote(gemspec.name)} instead of ${quote(name)}`);
    },
  },
  {
    ...unsafe(
      'gemspec-path-escapes',
      'The gemspec contains a path that leads out of the gem, a command that is not a plain name, or an option of RDoc that sets folders',
    ),
    check: ({ gemspec }, report) => {
      if (!gemspec?.ok) return;
      const { bindir, executables, extensions, requirePaths, files } = gemspec;
      for (const [option, reason] of unsafeRdocOptions(gemspec.rdocOptions))
        report(`rdoc_options: ${quote(option)}: ${reason}`);
      for (const name of executables) {
        const reason = unsafeCommand(name);
        if (reason !== undefined) report(`the command ${quote(name)}: ${reason}`);
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
          const reason = (UNSAFE[field] ?? unsafeGemPath)(path);
          if (reason !== undefined) report(`${field}: ${quote(path)}: ${reason}`);
        }
      }
    },
  },
  {
    id: 'gemspec-target-missing',
    level: 'warning',
    summary: 'The gemspec names a command or an extension that the gem does not contain',
    advice: advice(
      'Do not install it: RubyGems cannot create the command or build the extension, unless it finds another file at that path.',
      'Add the file to `files`, or take it out of `executables` and `extensions`.',
    ),
    check: ({ gemspec, tree }, report) => {
      if (!gemspec?.ok || !tree.complete) return;
      const { bindir, executables, extensions } = gemspec;
      const commands = executables.filter((name) => name !== '').map((name) => `${bindir}/${name}`);
      for (const path of [...commands, ...extensions]) {
        const claimedPath = tree.files.get(settledPath(path));
        if (claimedPath === undefined || claimedPath.kind === 'directory') report(quote(path));
      }
    },
  },
  {
    ...unsafe('gemspec-unknown-field', 'The gemspec has a field that RubyGems does not write'),
    check: ({ gemspec }, report) => {
      if (gemspec?.ok) for (const field of gemspec.unknown) report(quote(field));
    },
  },
  {
    ...unsafe(
      'gemspec-unsafe-class',
      'The gemspec contains a value of a class or type that RubyGems does not write there',
    ),
    check: ({ gemspec }, report) => {
      if (gemspec?.ok) for (const detail of gemspec.classes) report(detail);
    },
  },
  {
    ...unsafe(
      'gemspec-unsafe-name',
      'The name, version or platform of the gem cannot be the name of a folder',
    ),
    check: ({ gemspec }, report) => {
      if (!gemspec?.ok) return;
      for (const part of unsafeGemParts(gemspec)) report(part);
    },
  },
  {
    ...mismatch(
      'gemspec-version-mismatch',
      'The gemspec has another version than the gem that was asked for',
    ),
    check: ({ gemspec }, report, { expected: { version } }) => {
      if (gemspec?.ok && version !== undefined && gemspec.version !== version)
        report(`${quote(gemspec.version)} instead of ${quote(version)}`);
    },
  },
  {
    id: 'gem-plugin',
    level: 'note',
    summary: 'The gem has a plugin, which RubyGems or RDoc loads in later commands',
    advice: advice(
      'Look into the file before you install the gem, if you did not expect a plugin: RubyGems then runs it at every `gem` command, or RDoc runs it whenever it builds documentation.',
      'You need not do anything if the gem is meant to be a plugin. Otherwise rename the file.',
    ),
    check: ({ gemspec, tree }, report) => {
      if (!gemspec?.ok) return;
      for (const folder of new Set(gemspec.requirePaths))
        for (const name of PLUGINS) {
          const path = settledPath(`${folder}/${name}`);
          const claimedPath = tree.files.get(path);
          if (claimedPath !== undefined && claimedPath.kind !== 'directory')
            report(quote(path), claimedPath.entry);
        }
    },
  },
  {
    id: 'gem-extension',
    level: 'note',
    summary:
      'RubyGems builds an extension of the gem when it installs it, which runs code of the gem',
    advice: advice(
      'Read the file that builds the extension before you install the gem, or look for a gem of the same version for your platform: it is compiled already.',
      'You need not do anything. If you can, publish compiled gems for the usual platforms too.',
    ),
    check: ({ gemspec }, report) => {
      if (!gemspec?.ok) return;
      for (const path of gemspec.extensions) report(quote(path));
    },
  },
]);
