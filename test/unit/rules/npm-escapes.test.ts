import { tgz, type PkgOptions } from '../../support/pkg.ts';
import {
  describeRule,
  error,
  note,
  warning,
  filled,
  manifest,
  npm,
  ofSdist,
  rows,
  unasked,
  type Sample,
  wheelInfo,
} from '../../support/rule-table.ts';
import { pkgInfo } from '../../support/sdist.ts';
import { entry } from '../../support/tar.ts';

const FIRST = {
  level: 'error',
  entry: 'package/package.json',
  entryIndex: 0,
  offset: 0,
} as const;

describeRule('manifest-unsafe-name', FIRST, {
  reports: {
    ...rows(
      {
        'a dependency that climbs': { dependencies: { '../../evil': '1.0.0' } },
        'a dependency instead of .bin': { optionalDependencies: { '.bin': '1.0.0' } },
        'a dependency inside another': { dependencies: { 'lodash/fp': '1.0.0' } },
        'a bundled name that climbs': { bundleDependencies: ['../../evil'] },
        'a name that Windows shortens': { dependencies: { 'lodash.': '1.0.0' } },
        'node_modules as a name': { dependencies: { '@scope/node_modules': '1.0.0' } },
        'a development dependency that climbs': { devDependencies: { '../evil': '1.0.0' } },
      },
      (fields) => manifest(fields),
    ),
    'backslash, drive and control characters': [
      manifest({ dependencies: { 'a\\b': '1', 'C:x': '1', 'a\nb': '1' } }),
      {},
      {},
      {},
    ],
    'a version that climbs': unasked(tgz({ version: '1.0.0/../../x' })),
  },
  silent: {
    'scoped and old-style names': manifest({
      dependencies: { '@scope/a.b': '1', JSONStream: '1', 'a_b~c': '1' },
      peerDependencies: { react: '*' },
    }),
    'odd development dependencies, which nobody installs': manifest({
      devDependencies: { 'git://example.invalid/x': '*' },
    }),
    'a prerelease version': unasked(tgz({ version: '1.0.0-rc.1' })),
  },
});

describeRule('bin-escapes', FIRST, {
  reports: rows(
    {
      'a target outside the package': { tool: '../../../evil.sh' },
      'an absolute target': { tool: '/bin/sh' },
      'a climb by backslashes': { tool: '..\\..\\evil.js' },
      'a name that leaves .bin': { '../../evil': 'index.js' },
      'a single target outside': '../evil.js',
      'a target in a list': ['../evil.js'],
    },
    (bin) => manifest({ bin }),
  ),
  silent: rows(
    {
      'targets with and without `./`': { a: './index.js', b: 'index.js' },
      'a way through a folder and back': { a: 'lib/../index.js' },
      'a scoped command': { '@scope/a': 'index.js' },
    },
    (bin) => manifest({ bin }),
  ),
});

describeRule('man-escapes', FIRST, {
  reports: {
    'a manual page outside the package': manifest({ man: ['../../../evil.1'] }),
    'a single one': manifest({ man: '../evil.1' }),
  },
  silent: { 'a page in the package': manifest({ man: './man/fixture.1' }) },
});

describeRule('directories-escape', FIRST, {
  reports: {
    'commands from outside the package': manifest({ directories: { bin: '../../..' } }),
    'manual pages from outside': manifest({ directories: { man: 'lib/../../x' } }),
  },
  silent: {
    'folders in the package': manifest({
      directories: { bin: './bin', lib: 'lib', test: 'test/../spec' },
    }),
  },
});

const shrinkwrap = (lock: unknown, file = 'npm-shrinkwrap.json'): Buffer =>
  filled({ [file]: typeof lock === 'string' ? lock : JSON.stringify(lock) });
const withPackages = (packages: object): Buffer => shrinkwrap({ lockfileVersion: 3, packages });
const nested = (depth: number): object =>
  depth === 0 ? {} : { a: { dependencies: nested(depth - 1) } };
const places = (count: number): object =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`node_modules/${at}`, { bin: [1, 2, 3] }]),
  );
const OUTSIDE = { packages: { '../x': {} } };

describeRule('shrinkwrap-escapes', error({ entry: 'package/npm-shrinkwrap.json' }), {
  reports: {
    ...rows(
      {
        'a place beside the package': { '../other': { version: '1.0.0' } },
        'a place that climbs out on the way': { 'node_modules/../../x': {} },
        'a place with backslashes': { 'node_modules\\..\\..\\x': {} },
        'an absolute place': { '/etc/x': {} },
        'a place on a drive': { 'C:x': {} },
        'the place of the package itself': { 'node_modules/..': {} },
        'a link that leaves': { 'node_modules/x': { link: true, resolved: '../../..' } },
        'an absolute link': { 'node_modules/x': { link: true, resolved: '/etc' } },
        'a link to the package itself': { 'node_modules/x': { link: true, resolved: '' } },
        'a link without a target': { 'node_modules/x': { link: true } },
        'a file source outside': { 'node_modules/x': { resolved: 'file:../../x.tgz' } },
        'an absolute file source': { 'node_modules/x': { resolved: 'FILE:///etc/x' } },
      },
      withPackages,
    ),
    ...rows(
      {
        'a name that climbs': { '../../x': { version: '1.0.0' } },
        'a file source below': { a: { dependencies: { b: { version: 'file:../../b' } } } },
        'a resolved file': { a: { version: '1.0.0', resolved: 'file:/b.tgz' } },
      },
      (dependencies) => shrinkwrap({ lockfileVersion: 1, dependencies }),
      '%s in a lockfile of version 1',
    ),
    'one that is nested too deep to be read': [
      shrinkwrap({ lockfileVersion: 1, dependencies: nested(102) }),
      { says: 'nested deeper' },
    ],
    'one that is too long to be read': [
      shrinkwrap(' '.repeat(4 * 1024 * 1024 + 1)),
      { says: '4194305 bytes' },
    ],
    'one with too many values to be read': [
      withPackages(places(20_000)),
      { says: 'more than 100000 values' },
    ],
    'one whose name differs in case': [
      shrinkwrap(OUTSIDE, 'NPM-Shrinkwrap.json'),
      { entry: undefined },
    ],
    'one behind a mark of UTF-8': shrinkwrap(`\ufeff${JSON.stringify(OUTSIDE)}`),
    'one with a merge conflict, of which npm makes what it likes': shrinkwrap(
      '<<<<<<< a\n{"packages":{}}\n=======\n{"packages":{"../x":{}}}\n>>>>>>> b\n',
    ),
  },
  clean: {
    'what npm writes': shrinkwrap({
      lockfileVersion: 2,
      packages: {
        '': { name: 'fixture', dependencies: { x: '1.0.0' } },
        'node_modules/x': { version: '1.0.0', resolved: 'https://registry.example/x.tgz' },
        'node_modules/x/node_modules/@y/z': { version: '1.0.0' },
        'packages/own': { name: 'own', version: '1.0.0' },
        'node_modules/own': { link: true, resolved: 'packages/own' },
        'node_modules/kept': { resolved: 'file:vendor/kept.tgz' },
      },
      dependencies: { x: { version: '1.0.0', dependencies: { y: { version: 'file:lib/y' } } } },
    }),
  },
  silent: {
    'as many values as were ever seen': withPackages(places(10_000)),
    ...rows(
      ['', 'no JSON', '[]', '{"packages": 1, "dependencies": []}'],
      (text) => shrinkwrap(text),
      '%s, which npm ignores',
    ),
    'a lockfile in a folder of the package': shrinkwrap(OUTSIDE, 'test/npm-shrinkwrap.json'),
  },
});

const scripts = (fields: unknown, files: Record<string, string> = {}): Buffer =>
  tgz({ manifest: { scripts: fields }, files });
const GYP = { 'binding.gyp': '{}' };
const OF_GYP = { entry: 'package/binding.gyp' };

describeRule('install-script', note(), {
  reports: {
    ...rows(['preinstall', 'install', 'postinstall'], (name) => [
      scripts({ [name]: 'node x.js' }),
      { entry: 'package/package.json', says: `"${name}" is "node x.js"` },
    ]),
    'each of several': [scripts({ install: 'a', postinstall: 'b' }), {}, {}],
    'a binding.gyp for which node-gyp runs': [scripts(undefined, GYP), OF_GYP],
    'a binding.gyp beside a script after the build': [
      scripts({ postinstall: 'node x.js' }, GYP),
      {},
      OF_GYP,
    ],
    'a binding.gyp beside an empty script': [scripts({ install: '' }, GYP), OF_GYP],
    'a binding.gyp that only npm leaves alone, and one in capitals': tgz({
      manifest: { gypfile: false },
      files: { 'Binding.gyp': '{}' },
    }),
    'only the script of the package where it builds': scripts({ install: 'prebuild-install' }, GYP),
  },
  silent: {
    ...rows(
      {
        'scripts of the author': { prepare: 'a', prepublishOnly: 'a', test: 'a', uninstall: 'a' },
        'an empty script': { postinstall: '' },
        'a list': ['postinstall'],
        'what is no text': { postinstall: true },
      },
      (fields) => scripts(fields),
    ),
    'a binding.gyp deeper in the package': scripts(
      {},
      { 'deps/binding.gyp': '{}', 'src/a.cc': '' },
    ),
  },
});

const dependency = (spec: unknown): Buffer => manifest({ dependencies: { tool: spec } });
const METADATA = 'Metadata-Version: 2.1\nName: fixture\nVersion: 1.0.0\n';
const wheelNeeds = (requirement: string): Sample =>
  wheelInfo({ METADATA: `${METADATA}Requires-Dist: ${requirement}\n\n` });
const sdistNeeds = (requirement: string): Sample =>
  ofSdist({ pkgInfo: pkgInfo('fixture', '1.0.0', `Requires-Dist: ${requirement}\n`) });
const ADDRESS = 'tool[fast] @ git+https://example.test/tool';

describeRule('dependency-outside-registry', note(), {
  reports: {
    ...rows(
      [
        'git+https://example.test/a.git#main',
        'git+ssh://git@example.test/a.git',
        'git@example.test:a/b.git',
        'github:user/tool',
        'user/tool',
        'user/tool#semver:^1',
        'gist:0123',
        'https://example.test/a.tgz',
        'file:../a',
        '../a',
        '..',
        '~/a',
        'C:\\a',
        'a.tgz',
        'link:./a',
        'workspace:*',
      ],
      (spec) => [dependency(spec), { entry: 'package/package.json' }],
    ),
    ...rows(
      ['optionalDependencies', 'peerDependencies'],
      (kind) => [
        manifest({ [kind]: { tool: 'user/tool' } }),
        { says: `"tool" in ${kind} is "user/tool"` },
      ],
      'one in %s',
    ),
    'an address in a wheel': wheelNeeds(ADDRESS),
    'an address in an sdist': sdistNeeds(ADDRESS),
  },
  silent: {
    ...rows(
      [
        '^1.2.3',
        '1.x || >=2.5.0 || 5.0.0 - 7.2.3',
        '~1.2',
        '*',
        '',
        'latest',
        'v1.0.0-rc.1+build',
        'npm:other@^1',
        'npm:@scope/other',
        'jsr:@scope/other@1',
      ],
      (spec) => dependency(spec),
    ),
    'one for development': manifest({ devDependencies: { tool: 'user/tool' } }),
    'a bundled one': manifest({
      dependencies: { tool: 'file:tool' },
      bundleDependencies: ['tool'],
    }),
    'one of all that are bundled': manifest({
      dependencies: { a: 'x/a' },
      bundledDependencies: true,
    }),
    'what is no text': dependency({ git: 'x/a' }),
    'versions of an index in a wheel': wheelNeeds('tool[fast] (>=1) ; extra == "a@b"'),
    'versions of an index in an sdist': sdistNeeds('tool~=1.0'),
  },
});

/** A package with a file of this mode. */
const runnable = (name: string, odd: PkgOptions = {}, mode = 0o654): Buffer =>
  tgz({ ...odd, entries: [entry({ name: `package/${name}`, mode })] });
const installing = (install: string, name = 'configure'): Buffer =>
  runnable(name, { manifest: { scripts: { install } } });
const HARMLESS = {
  bin: 'index.js',
  directories: { bin: 'tools', lib: 'lib' },
  scripts: { install: 'node index.js "x"', prepublishOnly: 'npm run *', test: './lib/data.txt' },
};
const RUN_BY = [
  'preinstall',
  'install',
  'postinstall',
  'prepare',
  'preprepare',
  'postprepare',
  'prepublish',
  'preprepublish',
  'publish',
  'postpublish',
  'prepack',
  'preprepack',
  'postpack',
  'dependencies',
];
const NAMING = ['./configure', 'cd tools && "./Configure" --x', 'sh -c tools/configure;ls'];

describeRule('execute-without-owner', error(), {
  reports: {
    ...rows(
      [0o654, 0o645, 0o611, 0o001, 0o010],
      (mode) => [
        runnable('run', { manifest: { bin: './run' } }, mode),
        {
          entry: 'package/run',
          entryIndex: 2,
          offset: 2048,
          says: `mode ${mode.toString(8)}, a command`,
        },
      ],
      'a command that not its owner but others may run: %s',
    ),
    ...rows(
      {
        'a command among several': [
          'bin/b',
          { manifest: { bin: { a: 'index.js', b: 'bin/../bin/b' } } },
        ],
        'a command in other case': ['Bin/Tool', { manifest: { bin: 'bin/tool' } }],
        'a file in the folder of commands': [
          'tools/deep/run',
          { manifest: { directories: { bin: './tools/' } } },
        ],
        'one in that by a detour': [
          'tools/run',
          { manifest: { directories: { bin: 'x/../tools' } } },
        ],
        'one by the other slash': [
          'tools/run',
          { manifest: { directories: { bin: 'x\\..\\tools' } } },
        ],
        'one anywhere, where that is the package': [
          'a/b',
          { manifest: { directories: { bin: '.' } } },
        ],
        'one of a bundled package': ['node_modules/dep/run', {}],
        'one where node-gyp runs': ['tools/gen', { files: { 'binding.gyp': '{}' } }],
        'one where node-gyp runs, in other case': ['a', { files: { 'Binding.gyp': '{}' } }],
        'one where package.json cannot be read': ['a', { manifest: Buffer.from('{') }],
        'one beside endless scripts': [
          'a',
          { manifest: { scripts: { install: 'b '.repeat(40_000) } } },
        ],
      } as Record<string, readonly [string, PkgOptions]>,
      ([name, odd]) => [runnable(name, odd), { entry: `package/${name}` }],
    ),
    ...rows(
      RUN_BY.flatMap((script) => NAMING.map((text) => ({ [script]: text }))),
      (fields) => runnable('tools/configure', { manifest: { scripts: fields } }),
      'a file that a script names: %s',
    ),
    ...rows(
      ['npm run go', 'yarn go', 'pnpm go', 'bun go', 'node --run go'],
      (postinstall) =>
        runnable('tools/configure', {
          manifest: { scripts: { postinstall, go: './tools/configure' } },
        }),
      'a file that a script names which the install runs by %s',
    ),
    ...rows(
      [
        './conf*',
        './configur?',
        './configur[e]',
        './{configure,x}',
        './con\\figure',
        './$(echo configure)',
        './`echo configure`',
        '$X',
        './con""figure',
        "'./con'figure",
      ],
      (install) => installing(install),
      'a file that a shell may make of %s',
    ),
    'a file of an odd name where scripts run, which may mean it': installing('./do\\ it', 'do it'),
  },
  clean: {
    ...rows(
      [0o744, 0o700, 0o100, 0o755, 0o777, 0o666, 0o444, 0],
      (mode) => runnable('x', { manifest: { bin: 'x' } }, mode),
      'a file that its owner may run, or nobody: %s',
    ),
    'a folder': npm({ name: 'package/lib/', typeflag: '5', mode: 0o655 }),
  },
  silent: rows(
    ['lib/data.txt', 'tools.txt', 'docs/index.html'],
    (name) => runnable(name, { manifest: HARMLESS }),
    'a file that nothing runs: %s',
  ),
});

const OF_CSS = { entry: 'package/main.css', entryIndex: 2, offset: 2048 };

describeRule('executable-for-others', note({ alone: true, ...OF_CSS }), {
  reports: rows(
    [0o654, 0o655, 0o611],
    (mode) => [npm({ name: 'package/main.css', mode }), { says: `mode ${mode.toString(8)}` }],
    'a file that not its owner but others may run, and nobody runs: %s',
  ),
  clean: { 'ordinary modes': npm({ name: 'package/x', mode: 0o755 }) },
  elsewhere: {
    'a command, which another rule refuses': runnable('run', { manifest: { bin: 'run' } }),
  },
});

const script = (mode: number): Sample =>
  ofSdist({ entries: [entry({ name: 'fixture-1.0.0/run.sh', mode })] });

describeRule('executable-without-owner', warning({ field: 'mode' }), {
  reports: rows([0o655, 0o654, 0o645], script, 'a file that others may run: %s'),
  clean: { 'what its owner may run, and nobody else': script(0o744) },
});
