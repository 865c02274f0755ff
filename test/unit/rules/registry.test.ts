import { arboristClaim } from '@tarwarden/core/metadata';
import { npmDeclared } from '../../../packages/core/src/metadata/npm-declared.ts';
import { beside, describeRule, rows, type Sample } from '../../support/rule-table.ts';
import { locked, pnpmLocked, short, type Words } from '../../support/words.ts';

const ERROR = { level: 'error', alone: true } as const;
const WARNING = { level: 'warning', alone: true } as const;
const NOTE = { level: 'note', alone: true } as const;
type Fields = NonNullable<Words['archive']>;
/** Fields of the archive's package.json beside those of the registry's document. */
const told = (archive: Fields, document: Fields = {}): Sample => beside({ archive, document });
const install = (claim: Words['claim'], text = 'a'): Sample =>
  beside({ archive: { scripts: { install: text } }, ...(claim && { claim }) });
const GYP = { 'binding.gyp': '{}' };

describeRule('registry-hides-script', ERROR, {
  reports: {
    'a script that the whole document does not have': told({
      scripts: { postinstall: 'node index.js' },
    }),
    'a script beside one that is shown': told(
      { scripts: { preinstall: 'a', postinstall: 'b' } },
      { scripts: { postinstall: 'b' } },
    ),
    'another text': told(
      { scripts: { install: 'curl evil' } },
      { scripts: { install: 'node build.js' } },
    ),
    'a binding.gyp': beside({ files: GYP }),
    'a document that denies it': install(short({ hasInstallScript: false })),
    'a short document of a registry that tells': install(short({}, true)),
    ...rows(
      [null, [], 'none'],
      (scripts) => install(short({ scripts }, true)),
      'a short document of such a registry with scripts %s',
    ),
    ...rows(
      [null, 0, 'no'],
      (hasInstallScript) => install(short({ hasInstallScript }, true)),
      'a short document of such a registry with %s for an answer',
    ),
    'a lockfile with null for an answer': install(locked({ hasInstallScript: null }, true)),
    'a lockfile that tells of other packages': install(locked({}, true)),
  },
  clean: {
    'the same script': told(
      { scripts: { postinstall: 'b', test: 'c' } },
      { scripts: { postinstall: 'b' } },
    ),
    'a short document that says so': install(short({ hasInstallScript: true })),
    'node-gyp as npm publishes it': beside({
      files: GYP,
      document: { gypfile: true, scripts: { install: 'node-gyp rebuild' } },
    }),
    'node-gyp that the package switches off': beside({ archive: { gypfile: false }, files: GYP }),
    'the folder of commands, which npm removes': told(
      { scripts: { install: './node_modules/.bin/tool x' } },
      { scripts: { install: 'tool x' } },
    ),
    'an empty script': told({ scripts: { install: '' } }),
    'a lockfile without a word about scripts': install(locked({})),
  },
});

describeRule('registry-omits-script', WARNING, {
  reports: { 'a short document without a word about scripts': install(short({})) },
  clean: {
    'a short document that says so': install(short({ hasInstallScript: true })),
    'a package without install scripts': beside({
      archive: { scripts: { test: 'a' } },
      claim: short({}),
    }),
  },
});

describeRule('registry-other-script', NOTE, {
  reports: {
    'a script that only the document has': told({}, { scripts: { install: 'node-gyp rebuild' } }),
    'a lockfile that says so, as for fsevents@2.3.3': beside({
      claim: locked({ hasInstallScript: true }, true),
    }),
  },
  clean: {
    'scripts that no client runs': told({}, { scripts: { test: 'a', prepublish: 'b' } }),
    'a lockfile that is right': install(locked({ hasInstallScript: true }, true)),
  },
});

const EVIL = { dependencies: { evil: '1.0.0' } };
const A = { dependencies: { a: '^1' } };
const pnpmSays = (archive: Fields, entry: Fields, isWhole = true): Sample =>
  beside({ archive, claim: pnpmLocked(entry, isWhole) });
const manyDependencies = Object.fromEntries(
  Array.from({ length: 2000 }, (_, at) => [`dependency-${at}`, '1.0.0']),
);
const listed = (dependencies: unknown): Sample =>
  told({ dependencies: manyDependencies }, { dependencies });
const digest = npmDeclared({ dependencies: manyDependencies }).dependencies as string;

describeRule('registry-hides-dependency', ERROR, {
  reports: {
    'a dependency': told(EVIL),
    'one of several': told({ dependencies: { a: '1', evil: '1' } }, { dependencies: { a: '1' } }),
    'an optional dependency': told({ optionalDependencies: { evil: '1.0.0' } }),
    'a dependency called __proto__': told(
      JSON.parse('{"dependencies":{"__proto__":"1.0.0"}}') as Fields,
    ),
    'a dependency that a lockfile hides': beside({ archive: EVIL, claim: locked({}) }),
    "a dependency that pnpm's lockfile hides": pnpmSays(EVIL, {}),
    "a dependency that the archive calls a peer too, and pnpm's lockfile hides": pnpmSays(
      { ...EVIL, peerDependencies: { evil: '1.0.0' } },
      {},
    ),
    "a dependency that the archive says it contains, and pnpm's lockfile hides": pnpmSays(
      { ...EVIL, bundleDependencies: ['evil'] },
      {},
    ),
    "a dependency that is only a peer in pnpm's lockfile": pnpmSays(EVIL, {
      peerDependencies: { evil: '1.0.0' },
    }),
    ...rows(
      {
        'with one more': { ...manyDependencies, more: '1' },
        'beside its digest': digest,
        'beside names like its digest': {
          '(a long list)': digest,
          ' (a long list)/': digest,
        },
      },
      (other) => [listed(other), { alone: undefined }],
      'a list that is too long to be repeated, %s',
    ),
  },
  clean: {
    'a long list that is the same': listed(manyDependencies),
    "a dependency that is also a peer, in pnpm's lockfile": pnpmSays(
      { ...A, peerDependencies: { a: '^1' } },
      { peerDependencies: { a: '^1' } },
    ),
    "a dependency that the archive contains, in pnpm's lockfile": pnpmSays(
      { ...A, bundleDependencies: ['a'] },
      { bundledDependencies: ['a'] },
    ),
    "dependencies that the archive contains, where pnpm's lockfile says true": pnpmSays(
      { ...A, bundleDependencies: true },
      { bundledDependencies: true },
    ),
    "a dependency on itself, which pnpm's lockfile does not have": pnpmSays(
      { dependencies: { fixture: '^0.9.0' } },
      {},
    ),
    'the same dependencies': told(A, A),
    'optional dependencies in both maps': told(
      { optionalDependencies: { a: '^1' } },
      { ...A, optionalDependencies: { a: '^1' } },
    ),
    'dependencies for development': told({ devDependencies: { a: '^1' } }),
    "the version in pnpm's lockfile": pnpmSays(A, { dependencies: { a: '1.0.0' } }),
    "pnpm's lockfile of a project that removes dependencies": pnpmSays(A, {}, false),
  },
});

describeRule('registry-other-dependency', WARNING, {
  reports: {
    'another range': told(A, { dependencies: { a: '*' } }),
    'another repository of the same owner': told(
      { dependencies: { a: 'owner/a' } },
      { dependencies: { a: 'github:owner/b' } },
    ),
    'a dependency that only the document has': told({}, { dependencies: { a: '*' } }),
    'one that is optional in the archive alone': told(
      { optionalDependencies: { a: '*' } },
      { dependencies: { a: '*' } },
    ),
  },
  clean: {
    spaces: told({ dependencies: { a: ' ^1' } }, { dependencies: { a: '^1 ' } }),
    'a repository of GitHub in either spelling': told(
      { dependencies: { a: 'owner/a', b: 'owner/b#v1' } },
      { dependencies: { a: 'github:owner/a', b: 'github:owner/b#v1' } },
    ),
    'node-gyp, which Yarn adds': told({}, { dependencies: { 'node-gyp': 'latest' } }),
  },
});

describeRule('registry-other-peer', WARNING, {
  reports: {
    'another range': told({ peerDependencies: { a: '^1' } }, { peerDependencies: { a: '*' } }),
    'a peer that is optional in the document alone': told(
      { peerDependencies: { a: '1' } },
      { peerDependencies: { a: '1' }, peerDependenciesMeta: { a: { optional: true } } },
    ),
  },
  clean: {
    'another order': told(
      { peerDependencies: { a: '1', b: '1' } },
      { peerDependencies: { b: '1', a: '1' } },
    ),
    'a meta entry without a meaning': told(
      { peerDependencies: { a: '1' }, peerDependenciesMeta: { a: {} } },
      { peerDependencies: { a: '1' } },
    ),
  },
});

describeRule('registry-other-bundle', WARNING, {
  reports: {
    'a bundled package that the document does not have': told({ bundleDependencies: ['inner'] }),
    'one that only the document has': told({}, { bundleDependencies: ['inner'] }),
  },
  clean: {
    'the other spelling': told(
      { bundledDependencies: ['inner'] },
      { bundleDependencies: ['inner'] },
    ),
    '`true` for all': told(
      { dependencies: { inner: '1' }, bundleDependencies: true },
      { dependencies: { inner: '1' }, bundleDependencies: ['inner'] },
    ),
    '`false` for none': told({ bundleDependencies: false }),
  },
});

describeRule('registry-other-engines', NOTE, {
  reports: {
    'another version': told({ engines: { node: '>=18' } }, { engines: { node: '*' } }),
    'the document of chainsaw@0.1.0': told({}, { engines: { node: '*' } }),
  },
  clean: {
    'a list': told({ engines: ['node >= 0.4'] }, { engines: { '0': 'node >= 0.4' } }),
    'the same engines': told({ engines: { node: '1' } }, { engines: { node: '1' } }),
  },
});

describeRule('registry-other-bin', WARNING, {
  reports: {
    'a command that the document does not have': told({ bin: { ls: 'index.js' } }),
    'another target': told({ bin: { tool: 'other.js' } }, { bin: { tool: 'index.js' } }),
  },
  clean: {
    'a text in the archive': told({ bin: './index.js' }, { bin: { fixture: 'index.js' } }),
    'a folder whose files the document lists': told(
      { directories: { bin: './bin' } },
      { bin: { a: 'bin/a.js' } },
    ),
    'a folder that the document leaves as it is': told(
      { directories: { bin: 'bin' } },
      { directories: { bin: 'bin' } },
    ),
    'an empty command': told({ bin: '' }),
  },
});

describeRule('registry-other-platform', WARNING, {
  reports: {
    'another system': told({ os: ['linux'] }, { os: ['win32'] }),
    'a processor that the document does not have': told({ cpu: ['arm64'] }),
    'another libc': told({ libc: ['musl'] }, { libc: ['glibc'] }),
    "pnpm's lockfile": pnpmSays({ os: ['linux'] }, { os: ['darwin'] }),
  },
  clean: {
    'a single name': told({ os: 'linux' }, { os: ['linux'] }),
    'another order': told({ cpu: ['x64', 'arm64'] }, { cpu: ['arm64', 'x64'] }),
    'a document without libc': told({ libc: ['musl'] }),
  },
});

describeRule('registry-other-identity', ERROR, {
  reports: {
    'another version': told({}, { version: '2.0.0' }),
    // A search for the build metadata from each plus sign would take half a minute.
    'a version of plus signs': told({ version: `${'+'.repeat(200_000)}\nx` }),
    'another name': told({}, { name: 'other' }),
    'another name in a document with fields of a lockfile': beside({
      claim: arboristClaim({ name: 'other', version: '1.0.0', resolved: '', dist: {} }, false),
    }),
  },
  clean: {
    'a leading v': told({}, { version: 'v1.0.0' }),
    'build metadata': told({}, { version: '1.0.0+build.1' }),
    'a document without both': beside({
      claim: { ecosystem: 'npm', by: 'registry', document: { description: 'x' } },
    }),
  },
});
