import { describe, expect, it } from 'vitest';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';

describe('manifest-duplicate-key', () => {
  const RULE = 'manifest-duplicate-key';

  /** Inspects a package whose package.json has these fields behind name and version. */
  const withFields = (fields: string) =>
    inspected(tgz({ manifest: Buffer.from(`{"name":"fixture","version":"1.0.0",${fields}}`) }));

  it.each([
    ['the name', '"name":"other"', '"name": "\\"fixture\\"", then "\\"other\\""'],
    ['the name by an escape', String.raw`"n\u0061me":"other"`, '"name"'],
    ['the version', '"version":"2.0.0"', '"version"'],
    ['the version as a number', '"version":1', '"version"'],
    ['bin', '"bin":{"a":"index.js"},"bin":{"b":"index.js"}', '"bin"'],
    ['bin, once as a text', '"bin":"index.js","bin":{"b":"index.js"}', '"bin"'],
    ['a command', '"bin":{"a":"index.js","a":"./index.js"}', '"a" of "bin"'],
    ['dependencies', '"dependencies":{},"dependencies":{"a":"1"}', '"dependencies"'],
    ['a dependency', '"dependencies":{"a":"1","a":"2"}', '"a" of "dependencies"'],
    ['a dependency by an escape', String.raw`"dependencies":{"a":"1","\u0061":"2"}`, '"a"'],
    ['an optional one', '"optionalDependencies":{"a":"1","a":"2"}', '"a"'],
    ['directories', '"directories":{"bin":"a","bin":"b"}', '"bin" of "directories"'],
    [
      'what is bundled',
      '"bundleDependencies":["a"],"bundleDependencies":[]',
      '"bundleDependencies"',
    ],
    ['a platform', '"os":["linux"],"os":["win32"]', '"os"'],
    ['an install script', '"scripts":{"install":"a","install":"b"}', '"install" of "scripts"'],
    ['scripts with one', '"scripts":{"postinstall":"a"},"scripts":{"test":"b"}', '"scripts"'],
    ['scripts as no object', '"scripts":1,"scripts":{"test":"b"}', '"scripts"'],
    ['three values, two of them equal', '"os":["a"],"os":["b"],"os":["a"]', '"os"'],
    [
      'one behind many that do not count',
      `${'"x":1,"x":2,'.repeat(500)}"os":["a"],"os":[]`,
      '"os"',
    ],
    [
      'one behind deep nesting',
      `"x":${'[{"a":'.repeat(500)}1${'}]'.repeat(500)},"os":["a"],"os":[]`,
      '"os"',
    ],
  ])('rejects twice %s', (_, fields, said) => {
    const verdict = withFields(fields);
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/package.json', message: expect.stringContaining(said) },
    ]);
  });

  it('rejects more findings than are listed', () => {
    const many = Array.from({ length: 300 }, (_, at) => `"a":"${at}"`).join(',');
    const verdict = withFields(`"dependencies":{${many}}`);
    expect(verdict.status).toBe('reject');
    expect(verdict.of(RULE).length).toBeLessThan(30);
  });

  it.each([
    ['nothing of the kind', '"main":"index.js"'],
    ['equal values', '"os":["linux"],"os": ["linux"] '],
    ['main, as in browserify-zlib@0.1.4', '"main":"a","main":"b"'],
    [
      'scripts that are not run at install, as in mime@1.3.4',
      '"scripts":{"prepublish":"a"},"scripts":{"test":"b"}',
    ],
    ['a script of the author', '"scripts":{"test":"a","test":"b"}'],
    ['a development dependency', '"devDependencies":{"a":"1","a":"2"}'],
    ['a key of another object', '"bin":{"name":"index.js"},"config":{"name":"a"}'],
    ['a key deeper down', '"dependencies":{"a":"1"},"x":{"dependencies":{"a":"1","a":"2"}}'],
    ['keys in a list', '"os":["a"],"x":[{"os":1,"os":2}]'],
    ['text that looks like keys', String.raw`"description":"{\"os\":1,\"os\":2}","x":"\\"`],
    ['empty objects', '"bin":{},"dependencies":{},"os":[]'],
  ])('is silent about %s', (_, fields) => {
    expectSilent(withFields(fields), RULE);
  });

  it('is silent about a plain package.json', () => {
    expectSilent(inspected(tgz({ manifest: { os: ['linux'], dependencies: { os: '1' } } })), RULE);
  });
});

describe('manifest-ambiguous-field', () => {
  const RULE = 'manifest-ambiguous-field';

  const withFields = (fields: string) =>
    inspected(tgz({ manifest: Buffer.from(`{"name":"fixture","version":"1.0.0",${fields}}`) }));

  it.each([
    ['bin as a number', '"bin":7', 'bin is a number'],
    ['bin as a boolean', '"bin":true', 'bin is a boolean'],
    ['bin as a list', '"bin":["index.js"]', 'bin is a list'],
    ['a target that is an object', '"bin":{"a":{"b":"index.js"}}', 'bin "a" is an object'],
    ['a target that is null', '"bin":{"a":null}', 'bin "a" is null'],
    ['a target that is a number', '"bin":{"a":1}', 'bin "a" is a number'],
    ['a name with a slash', '"bin":{"a/b":"index.js"}', 'bin "a/b": the name holds a slash'],
    ['a scoped name with a slash', '"bin":{"@s/a/b":"index.js"}', 'the name holds a slash'],
    [
      'a target with a slash at its end',
      '"bin":{"a":"index.js/"}',
      'the target "index.js/" is a folder',
    ],
    ['a target that is the package', '"bin":{"a":"."}', 'the target "." is a folder'],
    ['a single target that is one', '"bin":"./"', 'bin "./": the target is a folder'],
    ['directories.bin as a list', '"directories":{"bin":["lib"]}', 'directories.bin is a list'],
    ['directories.bin as a number', '"directories":{"bin":1}', 'directories.bin is a number'],
    [
      'directories.bin from the root',
      '"directories":{"bin":"/lib"}',
      'directories.bin "/lib": it is absolute',
    ],
    ['101 levels', `"x":${'['.repeat(100)}${']'.repeat(100)}`, 'more than 100 deep'],
    ['many levels', `"x":${'{"a":['.repeat(9000)}${']}'.repeat(9000)}`, 'more than 100 deep'],
    ['half of a character', String.raw`"description":"\ud83d"`, 'half of a character'],
    ['the other half, in a key', String.raw`"\uDE00":1`, 'half of a character'],
    ['halves in the wrong order', String.raw`"a":"\ude00\ud83d"`, 'half of a character'],
    ['half of one behind a backslash', String.raw`"a":"\\\ud83d"`, 'half of a character'],
    ['a prototype', '"__proto__":{"bin":{"a":"../../x"}}', '"__proto__" is a key'],
    ['a prototype by an escape', String.raw`"__pr\u006fto__":{}`, '"__proto__" is a key'],
    ['a prototype among commands', '"bin":{"__proto__":"index.js"}', '"__proto__" is a key of bin'],
    ['a dependency of that name', '"dependencies":{"__proto__":"1"}', 'a key of dependencies'],
  ])('rejects %s', (_, fields, said) => {
    const verdict = withFields(fields);
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/package.json', message: expect.stringContaining(said) },
    ]);
  });

  it.each(['lib', './lib', 'lib/../lib'])('rejects a target that is a folder: %s', (target) => {
    const verdict = inspected(tgz({ manifest: { bin: { a: target } }, files: { 'lib/x.js': '' } }));
    expectRejected(verdict, RULE, [{ message: expect.stringContaining('is a folder') }]);
  });

  it('rejects more findings than are listed', () => {
    const many = Array.from({ length: 300 }, (_, at) => `"c${at}":1`).join(',');
    expect(withFields(`"bin":{${many}}`).status).toBe('reject');
  });

  it.each([
    ['a text', '"bin":"index.js"'],
    ['an object', '"bin":{"a":"./index.js","b":"index.js"}'],
    ['a scope', '"bin":{"@scope/a":"index.js"}'],
    ['no command', '"bin":{}'],
    ['null', '"bin":null'],
    ['an empty text, as in real packages', '"bin":""'],
    ['a folder of commands', '"directories":{"bin":"./bin"}'],
    ['a way through a folder', '"directories":{"bin":"lib/../bin"}'],
    ['a list of other folders, as in eslint-plugin-react', '"directories":{"test":["a","b"]}'],
    ['directories as a text', '"directories":"lib"'],
    ['100 levels', `"x":${'['.repeat(99)}${']'.repeat(99)}`],
    ['a whole character', String.raw`"description":"\ud83d\ude00 \uD83D\uDE00"`],
    ['text that looks like half of one', String.raw`"description":"\\ud83d"`],
    ['the word elsewhere, as in has-proto', '"keywords":["__proto__"],"description":"__proto__"'],
  ])('is silent about %s', (_, fields) => {
    expectSilent(withFields(fields), RULE);
  });

  it('is silent about a file in a folder, beside others', () => {
    const manifest = { bin: { a: 'lib/x.js', b: './lib/../index.js' } };
    expectSilent(inspected(tgz({ manifest, files: { 'lib/x.js': '' } })), RULE);
  });
});
