import { expect, it } from 'vitest';
import { inspected } from '../../support/inspected.ts';
import { tgz, type PkgOptions } from '../../support/pkg.ts';
import {
  describeRule,
  error,
  note,
  filled,
  limited,
  manifest,
  npm,
  rows,
  unasked,
  type Expected,
  type Sample,
} from '../../support/rule-table.ts';
import { entry, header } from '../../support/tar.ts';

const MANIFEST = { level: 'error', entry: 'package/package.json' } as const;
const FIRST = { ...MANIFEST, entryIndex: 0, offset: 0 } as const;
const PLAIN = '{"name":"fixture","version":"1.0.0"}';
/** A package whose package.json has this text behind name and version. */
const withText = (fields: string): Buffer =>
  tgz({ manifest: Buffer.from(`{"name":"fixture","version":"1.0.0",${fields}}`) });
/** Rows with a text in package.json, and what the finding says. */
const texts = (
  values: Readonly<Record<string, readonly [fields: string, says: string]>>,
): Record<string, readonly [Sample, Expected]> =>
  rows(values, ([fields, says]) => [withText(fields), { says }]);

describeRule('manifest-missing', error(), {
  reports: {
    'a package without package.json': tgz({ manifest: null }),
    'package.json in another case only': tgz({ manifest: null, files: { 'Package.json': '{}' } }),
    'one that lies deeper only': tgz({ manifest: null, files: { 'lib/package.json': '{}' } }),
  },
  silent: {
    'package.json at the end': tgz({
      manifest: null,
      entries: [entry({ name: 'package/package.json', body: PLAIN })],
    }),
  },
  elsewhere: {
    'a truncated archive, where it may have been cut off': tgz({
      manifest: null,
      tail: [header({ name: 'package/x' }).subarray(0, 100)],
    }),
  },
});

describeRule('manifest-invalid', FIRST, {
  reports: rows(
    {
      'broken JSON': Buffer.from('{"name": '),
      'a list': Buffer.from('[]'),
      'an empty file': Buffer.alloc(0),
      'bytes that are no UTF-8': Buffer.from('{"name":"\xff"}', 'latin1'),
      comments: Buffer.from('{} // x'),
    },
    (text) => tgz({ manifest: text }),
  ),
  silent: {
    'a byte order mark': tgz({ manifest: Buffer.from(`\ufeff${PLAIN}`) }),
    'Windows line ends': tgz({
      manifest: Buffer.from('{\r\n"name":"fixture",\r\n"version":"1.0.0"}\r\n'),
    }),
  },
});

const crowded = (values: number): Buffer =>
  manifest({ list: Array.from({ length: values }, () => 1) });

describeRule('manifest-oversized', MANIFEST, {
  reports: {
    'a package.json of megabytes': [
      manifest({ description: 'x'.repeat(3 << 20) }),
      { entryIndex: 0 },
    ],
    'one above a lower limit': limited({ manifestBytes: 20 }, tgz()),
    'one with more values than are inspected, however few bytes they take': [
      crowded(20_000),
      { says: 'more than 20000 values' },
    ],
  },
  silent: {
    'a large one': manifest({ description: 'x'.repeat(200_000) }),
    'almost as many values': crowded(19_000),
    'more values under a higher limit, as the remedy says': limited(
      { manifestBytes: 4 << 20 },
      crowded(20_000),
    ),
  },
});

describeRule('manifest-duplicate', MANIFEST, {
  reports: {
    'two package.json that differ': [
      npm({ name: 'package/package.json', body: '{"name":"fixture","version":"1.0.0","x":1}' }),
      { entryIndex: 2 },
    ],
    'one from another first folder': [
      npm({ name: 'other/package.json', body: PLAIN }),
      { entry: 'other/package.json' },
    ],
  },
  silent: {
    'package.json in other folders': filled({ 'esm/package.json': '{"type":"module"}' }),
    'the same twice': tgz({
      manifest: Buffer.from(PLAIN),
      entries: [entry({ name: 'package/./package.json', body: PLAIN })],
    }),
  },
});

describeRule('manifest-name-mismatch', FIRST, {
  reports: {
    'another name': manifest({ name: 'other' }),
    'another case': manifest({ name: 'Fixture' }),
    'no name': manifest({ name: undefined }),
    'a name in another scope': manifest({ name: '@evil/fixture' }),
  },
  silent: {
    'the name that was asked for': tgz(),
    'any name where nobody asked for one, as with git and file dependencies': unasked(
      manifest({ name: 'other' }),
    ),
  },
});

describeRule('manifest-version-mismatch', FIRST, {
  reports: {
    'another version': manifest({ version: '99.0.0' }),
    'a version that only begins alike': manifest({ version: '1.0.0-beta' }),
    'no version': manifest({ version: undefined }),
    'a version that is a million signs of build metadata': manifest({
      version: `1.0.0${'+'.repeat(1_000_000)}\nx`,
    }),
  },
  silent: {
    'the version that was asked for': tgz(),
    'a leading v and build data, which registries drop': manifest({ version: 'v1.0.0+build.5' }),
    'any version where nobody asked for one': unasked(manifest({ version: '2.0.0' })),
  },
});

describeRule('manifest-duplicate-key', MANIFEST, {
  reports: texts({
    'twice the name': ['"name":"other"', '"name": "\\"fixture\\"", then "\\"other\\""'],
    'the name by an escape': [String.raw`"n\u0061me":"other"`, '"name"'],
    'the version': ['"version":"2.0.0"', '"version"'],
    'the version as a number': ['"version":1', '"version"'],
    bin: ['"bin":{"a":"index.js"},"bin":{"b":"index.js"}', '"bin"'],
    'bin, once as a text': ['"bin":"index.js","bin":{"b":"index.js"}', '"bin"'],
    'a command': ['"bin":{"a":"index.js","a":"./index.js"}', '"a" of "bin"'],
    dependencies: ['"dependencies":{},"dependencies":{"a":"1"}', '"dependencies"'],
    'a dependency': ['"dependencies":{"a":"1","a":"2"}', '"a" of "dependencies"'],
    'a dependency by an escape': [String.raw`"dependencies":{"a":"1","\u0061":"2"}`, '"a"'],
    'an optional one': ['"optionalDependencies":{"a":"1","a":"2"}', '"a"'],
    directories: ['"directories":{"bin":"a","bin":"b"}', '"bin" of "directories"'],
    'what is bundled': [
      '"bundleDependencies":["a"],"bundleDependencies":[]',
      '"bundleDependencies"',
    ],
    'a platform': ['"os":["linux"],"os":["win32"]', '"os"'],
    'an install script': ['"scripts":{"install":"a","install":"b"}', '"install" of "scripts"'],
    'scripts with one': ['"scripts":{"postinstall":"a"},"scripts":{"test":"b"}', '"scripts"'],
    'scripts as no object': ['"scripts":1,"scripts":{"test":"b"}', '"scripts"'],
    'three values, two of them equal': ['"os":["a"],"os":["b"],"os":["a"]', '"os"'],
    'one behind many that do not count': [
      `${'"x":1,"x":2,'.repeat(500)}"os":["a"],"os":[]`,
      '"os"',
    ],
    'one behind deep nesting': [
      `"x":${'[{"a":'.repeat(500)}1${'}]'.repeat(500)},"os":["a"],"os":[]`,
      '"os"',
    ],
  }),
  silent: {
    ...rows(
      {
        'nothing of the kind': '"main":"index.js"',
        'equal values': '"os":["linux"],"os": ["linux"] ',
        'main, as in browserify-zlib@0.1.4': '"main":"a","main":"b"',
        'scripts that are not run at install, as in mime@1.3.4':
          '"scripts":{"prepublish":"a"},"scripts":{"test":"b"}',
        'a script of the author': '"scripts":{"test":"a","test":"b"}',
        'a development dependency': '"devDependencies":{"a":"1","a":"2"}',
        'a key of another object': '"bin":{"name":"index.js"},"config":{"name":"a"}',
        'a key deeper down': '"dependencies":{"a":"1"},"x":{"dependencies":{"a":"1","a":"2"}}',
        'keys in a list': '"os":["a"],"x":[{"os":1,"os":2}]',
        'text that looks like keys': String.raw`"description":"{\"os\":1,\"os\":2}","x":"\\"`,
        'empty objects': '"bin":{},"dependencies":{},"os":[]',
      },
      withText,
    ),
    'a plain package.json': manifest({ os: ['linux'], dependencies: { os: '1' } }),
  },
});

const folderTarget = (target: string): Buffer =>
  tgz({ manifest: { bin: { a: target } }, files: { 'lib/x.js': '' } });

describeRule('manifest-ambiguous-field', MANIFEST, {
  reports: {
    ...texts({
      'bin as a number': ['"bin":7', 'bin is a number'],
      'bin as a boolean': ['"bin":true', 'bin is a boolean'],
      'bin as a list': ['"bin":["index.js"]', 'bin is a list'],
      'a target that is an object': ['"bin":{"a":{"b":"index.js"}}', 'bin "a" is an object'],
      'a target that is null': ['"bin":{"a":null}', 'bin "a" is null'],
      'a target that is a number': ['"bin":{"a":1}', 'bin "a" is a number'],
      'a name with a slash': ['"bin":{"a/b":"index.js"}', 'bin "a/b": the name holds a slash'],
      'a scoped name with a slash': ['"bin":{"@s/a/b":"index.js"}', 'the name holds a slash'],
      'a target with a slash at its end': [
        '"bin":{"a":"index.js/"}',
        'the target "index.js/" is a folder',
      ],
      'a target that is the package': ['"bin":{"a":"."}', 'the target "." is a folder'],
      'a single target that is one': ['"bin":"./"', 'bin "./": the target is a folder'],
      'directories.bin as a list': ['"directories":{"bin":["lib"]}', 'directories.bin is a list'],
      'directories.bin as a number': ['"directories":{"bin":1}', 'directories.bin is a number'],
      'directories.bin from the root': [
        '"directories":{"bin":"/lib"}',
        'directories.bin "/lib": it is absolute',
      ],
      '101 levels': [`"x":${'['.repeat(100)}${']'.repeat(100)}`, 'more than 100 deep'],
      'many levels': [`"x":${'{"a":['.repeat(9000)}${']}'.repeat(9000)}`, 'more than 100 deep'],
      'half of a character': [String.raw`"description":"\ud83d"`, 'half of a character'],
      'the other half, in a key': [String.raw`"\uDE00":1`, 'half of a character'],
      'halves in the wrong order': [String.raw`"a":"\ude00\ud83d"`, 'half of a character'],
      'half of one behind a backslash': [String.raw`"a":"\\\ud83d"`, 'half of a character'],
      'a prototype': ['"__proto__":{"bin":{"a":"../../x"}}', '"__proto__" is a key'],
      'a prototype by an escape': [String.raw`"__pr\u006fto__":{}`, '"__proto__" is a key'],
      'a prototype among commands': [
        '"bin":{"__proto__":"index.js"}',
        '"__proto__" is a key of bin',
      ],
      'a dependency of that name': ['"dependencies":{"__proto__":"1"}', 'a key of dependencies'],
    }),
    ...rows(
      ['lib', './lib', 'lib/../lib'],
      (target) => [folderTarget(target), { says: 'is a folder' }],
      'a target that is a folder: %s',
    ),
  },
  silent: {
    ...rows(
      {
        'a text': '"bin":"index.js"',
        'an object': '"bin":{"a":"./index.js","b":"index.js"}',
        'a scope': '"bin":{"@scope/a":"index.js"}',
        'no command': '"bin":{}',
        null: '"bin":null',
        'an empty text, as in real packages': '"bin":""',
        'a folder of commands': '"directories":{"bin":"./bin"}',
        'a way through a folder': '"directories":{"bin":"lib/../bin"}',
        'a list of other folders, as in eslint-plugin-react': '"directories":{"test":["a","b"]}',
        'directories as a text': '"directories":"lib"',
        '100 levels': `"x":${'['.repeat(99)}${']'.repeat(99)}`,
        'a whole character': String.raw`"description":"\ud83d\ude00 \uD83D\uDE00"`,
        'text that looks like half of one': String.raw`"description":"\\ud83d"`,
        'the word elsewhere, as in has-proto': '"keywords":["__proto__"],"description":"__proto__"',
      },
      withText,
    ),
    'a file in a folder, beside others': tgz({
      manifest: { bin: { a: 'lib/x.js', b: './lib/../index.js' } },
      files: { 'lib/x.js': '' },
    }),
  },
});

const many = (entryOf: (at: number) => string): string =>
  Array.from({ length: 300 }, (_, at) => entryOf(at)).join(',');

it('rejects more ambiguous fields than are listed', () => {
  expect(inspected(withText(`"bin":{${many((at) => `"c${at}":1`)}}`)).status).toBe('reject');
});

it('lists only some of many keys that stand twice', () => {
  const verdict = inspected(withText(`"dependencies":{${many((at) => `"a":"${at}"`)}}`));
  expect(verdict.status).toBe('reject');
  expect(verdict.of('manifest-duplicate-key').length).toBeLessThan(30);
});

describeRule('bin-target-missing', note(), {
  reports: {
    'a target that is not there': [
      manifest({ bin: { tool: './nowhere.js' } }),
      { entry: 'package/package.json' },
    ],
    'one in what a dependency would bring': manifest({
      bin: { tool: 'node_modules/dep/bin/tool' },
    }),
    'one that takes a hundred thousand detours, in no time to speak of': manifest({
      bin: `${'b'.repeat(1_000_000)}/${'a/../'.repeat(100_000)}x`,
    }),
  },
  clean: { 'an empty bin, of which nobody makes a command': manifest({ bin: '' }) },
  silent: rows(
    {
      'a target that is there': { manifest: { bin: './index.js' } },
      'a target in capitals': {
        manifest: { bin: 'Bin/Tool.js' },
        files: { 'Bin/Tool.js': '' },
      },
      'a bundled target': {
        manifest: { bin: 'node_modules/dep/x.js' },
        files: { 'node_modules/dep/x.js': '' },
      },
    } as Record<string, PkgOptions>,
    (options) => tgz(options),
  ),
  elsewhere: {
    'a target that is a folder, which another rule refuses': tgz({
      manifest: { bin: 'lib' },
      files: { 'lib/a.js': '' },
    }),
  },
});
