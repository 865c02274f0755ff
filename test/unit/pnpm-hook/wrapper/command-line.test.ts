import { describe, expect, test } from 'vitest';
import {
  bypassesHooks,
  isLeadingPnpmOption,
  isLeftToNpm,
  mustBeGuarded,
  pnpmPublishes,
  removesGlobal,
  switchesGuardOff,
  withColorValue,
} from '../../../../packages/clients/src/pnpm/command-line.ts';

const words = (line: string): string[] => line.split(' ').filter((word) => word !== '');

describe('mustBeGuarded', () => {
  test.each([
    'install',
    'i',
    'add x',
    'update -g',
    '-r',
    '-r install',
    '--filter ls install',
    '--filter root install',
    '-C root add x',
    'dlx x --version',
    'exec x -h',
    'run x --help',
    'run-script x --help',
    'create x',
    'create --help x',
    'store add x',
    'store --x add x',
    'unheard-of',
    '--unheard-of ls install',
    // An option that is not known may take "root" as its value.
    '--unheard-of root install',
    '-- root',
    'rebuild',
    'fetch',
    'import',
    'patch x',
    'ls',
    'add x -- --help',
    'm root',
    'pm root',
    'with current root',
    '--color root',
    '-r true root',
  ])('is true of %s', (line) => {
    expect(mustBeGuarded(words(line))).toBe(true);
  });

  test.each([
    '',
    '--version',
    '-v',
    '-r -v',
    '--help',
    '-h',
    'install --help',
    'install -h',
    'help install',
    'root',
    '-r root',
    'config list',
    'store',
    'store path',
    'store prune',
    '--dir x bin',
    '--filter x bin',
    '--filter=x bin',
    'cat-file x',
    'get x',
    'prefix',
    'stars',
    'deprecate x y',
    'purge',
    'whoami',
  ])('is false of "%s"', (line) => {
    expect(mustBeGuarded(words(line))).toBe(false);
  });
});

describe('removesGlobal', () => {
  test.each(['remove -g x', 'rm --global x y', '-g uninstall x', 'un x -g'])(
    'is true of "%s"',
    (line) => {
      expect(removesGlobal(words(line))).toBe(true);
    },
  );

  test.each([
    'remove x',
    'add -g x',
    'update -g',
    'remove -g false x',
    'remove --global=false x',
    'remove -g --no-global x',
    'remove x -- -g',
    'dlx remove -g x',
    '--unknown remove -g x',
  ])('is false of "%s"', (line) => {
    expect(removesGlobal(words(line))).toBe(false);
  });
});

describe('bypassesHooks', () => {
  test.each([
    ['self-update', 'replaces itself'],
    ['self-update 10.0.0', 'replaces itself'],
    ['env use --global 20', 'downloads Node.js'],
    ['env --global use 20', 'downloads Node.js'],
    ['env add --global 20', 'downloads Node.js'],
    ['store add x', 'into its store'],
    ['store --x add x', 'into its store'],
    ['with 10.0.0 install', 'another pnpm is downloaded'],
    ['with --x 10.0.0 current', 'another pnpm is downloaded'],
    ['add --config x', 'config dependencies'],
    ['--config add x', 'config dependencies'],
    ['-r add x --config', 'config dependencies'],
    ['add --config=true x', 'config dependencies'],
    ['add -config x', 'config dependencies'],
    ['add --con x', 'config dependencies'],
    ['i --config x', 'config dependencies'],
    ['install --config x', 'config dependencies'],
    ['up --config x', 'config dependencies'],
    ['update --config', 'config dependencies'],
    ['upgrade --config', 'config dependencies'],
    // Words that pnpm takes before a command.
    ['m add --config x', 'config dependencies'],
    ['-r recursive --stream add --config x', 'config dependencies'],
    ['multi store add x', 'into its store'],
    ['pm self-update', 'replaces itself'],
    ['with current add --config x', 'config dependencies'],
    ['with current env use 20', 'downloads Node.js'],
    // What an option takes as its value: pnpm 10 and 11 the next argument, pnpm 12 none.
    ['--color always self-update', 'replaces itself'],
    ['--color self-update', 'replaces itself'],
    ['--color exec self-update', 'replaces itself'],
    ['-r true self-update', 'replaces itself'],
    ['--no-bail false store add x', 'into its store'],
    ['-- --network-concurrency 4 self-update', 'replaces itself'],
    ['-- --network-concurrency 4 add x --config', 'config dependencies'],
    ['-- --fetch-retries 0 with 10.0.0 install', 'another pnpm is downloaded'],
  ])('%s: %s', (line, why) => {
    expect(bypassesHooks(words(line))).toContain(why);
  });

  test.each([
    '',
    'env list',
    'env',
    'store prune',
    'store x add',
    'test --config x',
    'run x --config',
    'add --config.x=y --color z',
    'add x -- --config',
    'add config con use',
    'use add',
    'exec add',
    'with current install',
    'with',
    'install 10.0.0',
    'install self-update',
    'run self-update',
    '-r run self-update',
    'm install',
    'pm install',
    'run pm self-update',
    'pm add x',
    '--color add x',
    '-- --network-concurrency 4 install',
    'true self-update',
    '--reporter true exec self-update',
    '--color=always exec self-update',
  ])('is silent about "%s"', (line) => {
    expect(bypassesHooks(words(line))).toBeUndefined();
  });
});

describe('isLeadingOption', () => {
  const WITH_VALUE =
    '-C -F --dir --filter --filter-prod --loglevel --pm-on-fail --registry --reporter --store-dir --workspace-concurrency';
  const ALONE =
    '-g -h -r -s -v -w -D -P --aggregate-output --bail --color --dev --fail-if-no-match --frozen-lockfile --global ' +
    '--help --if-present --ignore-scripts --ignore-workspace --include-workspace-root --no-bail --no-color ' +
    '--no-frozen-lockfile --no-optional --no-sort --offline --parallel --prefer-offline --prod --production --recursive ' +
    '--reverse --sequential --silent --sort --stream --use-stderr --version --workspace-root --yes';

  // Where an option takes its value decides which argument is the command.
  test.each(words(WITH_VALUE))('%s takes the next argument', (name) => {
    expect(isLeadingPnpmOption(name)).toEqual({ known: true, takesNext: true });
    expect(isLeadingPnpmOption(`${name}=x`)).toEqual({ known: true, takesNext: false });
  });

  test.each([...words(ALONE), '--color=always', '--config.x=y', '--config.some_thing-else'])(
    '%s stands alone',
    (name) => {
      expect(isLeadingPnpmOption(name)).toEqual({ known: true, takesNext: false });
    },
  );

  test.each([
    '--confine',
    '--confine=x',
    '--filtr',
    '-x',
    '--',
    '--config.',
    '--config.a.b=c',
    'x--config.a',
    '--x--config.a',
    '--pm-on-fails=ignore',
    '=--filter',
  ])('%s is not known', (name) => {
    expect(isLeadingPnpmOption(name)).toEqual({ known: false, takesNext: false });
  });
});

test.each([
  ['view x', true],
  ['access ls', true],
  ['bugs', true],
  ['publish', false],
  ['search x', true],
  ['unpublish x', true],
  ['xmas', true],
  ['install', false],
  ['-r view', false],
  ['', false],
])('pnpm 10 leaves "%s" to npm: %s', (line, expected) => {
  expect(isLeftToNpm(words(line))).toBe(expected);
});

describe('withColorValue', () => {
  test.each([
    ['--color install', '--color=always install'],
    ['--color', '--color=always'],
    ['-r --dir x --color exec y --color', '-r --dir x --color=always exec y --color'],
    ['--color -r x', '--color=always -r x'],
    ['--color --color x', '--color=always --color=always x'],
  ])('gives "%s" one', (given, spelled) => {
    expect(withColorValue(words(given))).toEqual(words(spelled));
  });

  test.each([
    '',
    'install',
    'x --color y',
    '--no-color x',
    '--color=never x',
    // pnpm 10 and 11 take these for its value, and pnpm 12 does not.
    '--color true x',
    '--color auto x',
    // It may be the value of what is not known, or belong to a word.
    '--unheard-of --color x',
    'm --color x',
    '-- --color x',
    '--dir --color x',
  ])('leaves "%s" as it is', (given) => {
    expect(withColorValue(words(given))).toEqual(words(given));
  });

  test('makes the command sure', () => {
    expect(mustBeGuarded(words('--color root'))).toBe(true);
    expect(mustBeGuarded(withColorValue(words('--color root')))).toBe(false);
    expect(
      switchesGuardOff(withColorValue(words('--color run x --ignore-pnpmfile'))),
    ).toBeUndefined();
    expect(switchesGuardOff(withColorValue(words('--color add x --ignore-pnpmfile')))).toBe(
      '--ignore-pnpmfile',
    );
  });
});

test.each([
  [true, 'publish'],
  [true, '-r publish'],
  [true, 'stage publish'],
  [false, 'stage list'],
  [false, 'run publish'],
  [false, 'publish --help'],
  [false, 'unpublish'],
  [false, 'add publish'],
])('%s: pnpm %s publishes', (expected, line) => {
  expect(pnpmPublishes(words(line))).toBe(expected);
});
