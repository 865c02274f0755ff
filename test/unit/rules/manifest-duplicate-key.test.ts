import { describe, expect, it } from 'vitest';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';

const RULE = 'manifest-duplicate-key';

/** Inspects a package whose package.json has these fields behind name and version. */
const withFields = (fields: string) =>
  inspected(tgz({ manifest: Buffer.from(`{"name":"fixture","version":"1.0.0",${fields}}`) }));

describe('manifest-duplicate-key', () => {
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
