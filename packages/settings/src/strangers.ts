/* Files of another user of this machine that pip, gem, Bundler or go find by themselves, and that name code or a source. */
import { basename, dirname, isAbsolute, join } from 'node:path';
import { isWithin } from '@tarwarden/host/real-path';
import { fileLayer, readWithMark, type Parsed } from './files.ts';
import { problemOfSettingsFile } from './found-files.ts';
import { pipValues } from './pip/config-parser.ts';
import { pipFiles, type PipWhere } from './pip/layers.ts';
import { bundlerConfigFolder, bundlerGemfile, bundlerName, bundlerValues } from './ruby/bundler.ts';
import type { Where } from './where.ts';

/** A file that a client would read, and what it would take from it. */
export interface FoundFile {
  readonly file: string;
  /** The words for a message. None if the file says nothing that counts. */
  readonly takes: () => readonly string[];
}

/**
 * Why a client is not to be started: another user can write a file that it finds by itself, and that names code or a source.
 * Undefined if no such file is found.
 */
export function strangersFileRefusal(
  client: string,
  files: readonly FoundFile[],
  where: Pick<Where, 'folder' | 'home'>,
): string | undefined {
  for (const { file, takes } of files) {
    const problem = problemOfSettingsFile(file, where);
    const taken = problem === undefined ? [] : takes();
    if (taken.length > 0)
      return (
        `${client} was not run: ${problem}, and ${client} would take ${taken.join(', ')} from it\n` +
        'what to do: remove that file, or have the project in a folder that only you can write to, with none of another user above it'
      );
  }
  return undefined;
}

const whole = (file: string, ...taken: readonly string[]): FoundFile => ({
  file,
  takes: () => taken,
});

const settings = (
  file: string,
  parse: (text: string) => Parsed,
  counts: (name: string) => boolean,
): FoundFile => ({
  file,
  takes() {
    const [layer] = fileLayer(file, 'other-user', parse, readWithMark);
    return layer?.unreadable === undefined
      ? [...(layer?.values.keys() ?? [])].filter(counts)
      : ['settings that tarwarden cannot read'];
  },
});

/** Options of pip that neither say where packages come from or go to, nor switch a check off, nor write a file. */
export const HARMLESS_FOR_PIP: ReadonlySet<string> = new Set(
  (
    'debug disable-pip-version-check exists-action format help no-clean no-color no-compile compile no-input no-python-version-warning ' +
    'no-warn-conflicts no-warn-script-location progress-bar quiet require-venv require-virtualenv resume-retries retries root-user-action timeout ' +
    'default-timeout verbose version'
  ).split(' '),
);

/** The file of a virtual environment, and one in the working folder. Files that the user's variables name are the user's choice. */
export function pipFoundFiles(where: PipWhere): FoundFile[] {
  return pipFiles({ ...where, env: { ...where.env, PIP_CONFIG_FILE: undefined } })
    .filter((file) => !isWithin(where.home, file) || dirname(file) === where.pythonPrefix)
    .map((file) =>
      settings(file, pipValues, (name) => !HARMLESS_FOR_PIP.has(name.slice(name.indexOf('.') + 1))),
    );
}

/** Settings of Bundler that neither say where gems come from or go to, nor which code runs, nor switch a check off. */
export const HARMLESS_FOR_BUNDLER: ReadonlySet<string> = new Set(
  (
    'cache_all cache_all_platforms clean disable_version_check forget_cli_options gem.changelog gem.ci gem.coc gem.github_username gem.linter ' +
    'gem.mit gem.rubocop gem.test ignore_funding_requests ignore_messages init_gems_rb jobs no_prune only path_relative_to_cwd prefer_patch ' +
    'print_only_version_number redirect retry silence_deprecations silence_root_warning timeout update_requires_all_flag with without'
  ).split(' '),
);

/** The Gemfile, its lockfile, and the settings and plugins beside it. `gemfile`: the one that an option names. */
export function bundlerFoundFiles(given: Where, gemfile?: string): FoundFile[] {
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
      : [whole(found, 'Ruby code and sources'), whole(lockfileBeside(found), 'sources')]),
    ...(folder === undefined
      ? []
      : [
          settings(
            join(folder, 'config'),
            bundlerValues,
            (key) => !HARMLESS_FOR_BUNDLER.has(bundlerName(key)),
          ),
          whole(join(folder, 'plugin', 'index'), 'plugins'),
        ]),
  ];
}

function lockfileBeside(gemfile: string): string {
  return basename(gemfile) === 'gems.rb'
    ? join(dirname(gemfile), 'gems.locked')
    : `${gemfile}.lock`;
}

/** The file of dependencies that `gem install -g` takes from the folder. gem finds no other file by itself. */
export function gemFoundFiles({ folder }: Where, args: readonly string[]): FoundFile[] {
  if (!args.some((arg) => arg === '-g' || arg === '--file')) return [];
  return ['gem.deps.rb', 'Gemfile', 'Isolate'].map((name) =>
    whole(join(folder, name), 'Ruby code and sources'),
  );
}

/** What go itself says of a folder. */
export interface GoFiles {
  /** The go.mod of the main module. Empty or the null device if there is none. */
  readonly GOMOD: string;
  /** The go.work file. Empty or `off` if there is none. */
  readonly GOWORK: string;
}

/** go.mod, go.work, and a vendor folder beside them. A go.work that the variable names is the user's choice. */
export function goFoundFiles({ env }: Where, { GOMOD, GOWORK }: GoFiles): FoundFile[] {
  const found = [GOMOD, env['GOWORK'] ? '' : GOWORK].filter((file) =>
    /[/\\]go\.(?:mod|work)$/.test(file),
  );
  return found.flatMap((file) => [
    whole(file, 'modules and a toolchain'),
    whole(join(dirname(file), 'vendor'), 'code'),
    whole(join(dirname(file), 'vendor', 'modules.txt'), 'code'),
  ]);
}
