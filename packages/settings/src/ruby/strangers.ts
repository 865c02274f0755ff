import { basename, dirname, isAbsolute, join } from 'node:path';
import { readWithMark } from '../files.ts';
import { settingsFile, wholeFile, type FoundFile } from '../strangers.ts';
import type { ClientContext } from '../where.ts';
import { bundlerConfigFolder, bundlerGemfile, bundlerName, bundlerValues } from './bundler.ts';

/** Settings of Bundler that neither say where gems come from or go to, nor which code runs, nor switch a check off. */
export const HARMLESS: ReadonlySet<string> = new Set(
  (
    'cache_all cache_all_platforms clean disable_version_check forget_cli_options gem.changelog gem.ci gem.coc gem.github_username gem.linter ' +
    'gem.mit gem.rubocop gem.test ignore_funding_requests ignore_messages init_gems_rb jobs no_prune only path_relative_to_cwd prefer_patch ' +
    'print_only_version_number redirect retry silence_deprecations silence_root_warning timeout update_requires_all_flag with without'
  ).split(' '),
);

/** The Gemfile, its lockfile, and the settings and plugins beside it. `gemfile`: the one that an option names. */
export function bundlerFoundFiles(given: ClientContext, gemfile?: string): FoundFile[] {
  const where =
    gemfile === undefined ? given : { ...given, env: { ...given.env, BUNDLE_GEMFILE: gemfile } };
  const isNamed = Boolean(where.env['BUNDLE_GEMFILE']);
  const found = isNamed ? undefined : bundlerGemfile(where);
  // An absolute folder in the variable is the user's choice, as in images that have one which all users may write to.
  const isChosen = isAbsolute(where.env['BUNDLE_APP_CONFIG'] ?? '');
  const folder = isChosen ? undefined : bundlerConfigFolder(where);
  return [
    ...(found === undefined
      ? []
      : [wholeFile(found, 'Ruby code and sources'), wholeFile(lockfileBeside(found), 'sources')]),
    ...(folder === undefined
      ? []
      : [
          settingsFile(
            join(folder, 'config'),
            bundlerValues,
            (key) => !HARMLESS.has(bundlerName(key)),
            readWithMark,
          ),
          wholeFile(join(folder, 'plugin', 'index'), 'plugins'),
        ]),
  ];
}

function lockfileBeside(gemfile: string): string {
  return basename(gemfile) === 'gems.rb'
    ? join(dirname(gemfile), 'gems.locked')
    : `${gemfile}.lock`;
}

/** The file of dependencies that `gem install -g` takes from the folder. gem finds no other file by itself. */
export function gemFoundFiles({ folder }: ClientContext, args: readonly string[]): FoundFile[] {
  if (!args.some((arg) => arg === '-g' || arg === '--file')) return [];
  return ['gem.deps.rb', 'Gemfile', 'Isolate'].map((name) =>
    wholeFile(join(folder, name), 'Ruby code and sources'),
  );
}
