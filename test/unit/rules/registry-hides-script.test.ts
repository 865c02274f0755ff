import { describe, expect, it } from 'vitest';
import { locked, rulesOf, short, type Words } from '../../support/words.ts';

const RULE = 'registry-hides-script';

describe('registry-hides-script', () => {
  it.each<[string, Words]>([
    [
      'a script that the whole document does not have',
      { archive: { scripts: { postinstall: 'node index.js' } } },
    ],
    [
      'a script beside one that is shown',
      {
        archive: { scripts: { preinstall: 'a', postinstall: 'b' } },
        document: { scripts: { postinstall: 'b' } },
      },
    ],
    [
      'another text',
      {
        archive: { scripts: { install: 'curl evil' } },
        document: { scripts: { install: 'node build.js' } },
      },
    ],
    ['a binding.gyp', { files: { 'binding.gyp': '{}' } }],
    [
      'a document that denies it',
      {
        archive: { scripts: { install: 'a' } },
        claim: short({ hasInstallScript: false }),
      },
    ],
    [
      'a short document of a registry that tells',
      {
        archive: { scripts: { install: 'a' } },
        claim: short({}, true),
      },
    ],
    ...[null, [], 'none'].map((scripts): [string, Words] => [
      `a short document of such a registry with scripts ${JSON.stringify(scripts)}`,
      { archive: { scripts: { install: 'a' } }, claim: short({ scripts }, true) },
    ]),
    ...[null, 0, 'no'].map((hasInstallScript): [string, Words] => [
      `a short document of such a registry with ${JSON.stringify(hasInstallScript)} for an answer`,
      { archive: { scripts: { install: 'a' } }, claim: short({ hasInstallScript }, true) },
    ]),
    [
      'a lockfile with null for an answer',
      { archive: { scripts: { install: 'a' } }, claim: locked({ hasInstallScript: null }, true) },
    ],
    [
      'a lockfile that tells of other packages',
      {
        archive: { scripts: { install: 'a' } },
        claim: locked({}, true),
      },
    ],
  ])('rejects %s', (_, words) => {
    expect(rulesOf(words)).toEqual([`error ${RULE}`]);
  });

  it.each<[string, Words]>([
    [
      'the same script',
      {
        archive: { scripts: { postinstall: 'b', test: 'c' } },
        document: { scripts: { postinstall: 'b' } },
      },
    ],
    [
      'a short document that says so',
      {
        archive: { scripts: { install: 'a' } },
        claim: short({ hasInstallScript: true }),
      },
    ],
    [
      'node-gyp as npm publishes it',
      {
        files: { 'binding.gyp': '{}' },
        document: { gypfile: true, scripts: { install: 'node-gyp rebuild' } },
      },
    ],
    [
      'node-gyp that the package switches off',
      { archive: { gypfile: false }, files: { 'binding.gyp': '{}' } },
    ],
    [
      'the folder of commands, which npm removes',
      {
        archive: { scripts: { install: './node_modules/.bin/tool x' } },
        document: { scripts: { install: 'tool x' } },
      },
    ],
    ['an empty script', { archive: { scripts: { install: '' } } }],
    [
      'a lockfile without a word about scripts',
      { archive: { scripts: { install: 'a' } }, claim: locked({}) },
    ],
  ])('is silent about %s', (_, words) => {
    expect(rulesOf(words)).toEqual([]);
  });
});
