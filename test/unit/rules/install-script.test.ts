import { describe, expect, it } from 'vitest';
import { expectSilent, inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';

const RULE = 'install-script';
const withScripts = (scripts: unknown, files: Record<string, string> = {}) =>
  inspected(tgz({ manifest: { scripts }, files }));

describe('install-script', () => {
  it.each(['preinstall', 'install', 'postinstall'])('notes %s, and takes the package', (name) => {
    const verdict = withScripts({ [name]: 'node x.js' });
    expect(verdict.of(RULE)).toMatchObject([
      {
        level: 'note',
        entry: 'package/package.json',
        message: expect.stringContaining(`"${name}" is "node x.js"`),
      },
    ]);
    expect(verdict.status).toBe('accept');
  });

  it('notes each of several', () => {
    expect(withScripts({ install: 'a', postinstall: 'b' }).of(RULE)).toHaveLength(2);
  });

  it.each([
    ['no script', undefined],
    ['only a script after the build', { postinstall: 'node x.js' }],
    ['an empty script', { install: '' }],
  ])('notes a binding.gyp for which node-gyp runs: %s', (_, scripts) => {
    const found = withScripts(scripts, { 'binding.gyp': '{}' }).of(RULE);
    expect(found.map(({ entry }) => entry)).toContain('package/binding.gyp');
  });

  it('notes a binding.gyp that only npm leaves alone, and one in capitals', () => {
    const files = { 'Binding.gyp': '{}' };
    expect(inspected(tgz({ manifest: { gypfile: false }, files })).of(RULE)).toHaveLength(1);
  });

  it('says nothing of a binding.gyp where a script of the package builds', () => {
    const verdict = withScripts({ install: 'prebuild-install' }, { 'binding.gyp': '{}' });
    expect(verdict.of(RULE)).toHaveLength(1);
  });

  it.each([
    ['scripts of the author', { prepare: 'a', prepublishOnly: 'a', test: 'a', uninstall: 'a' }],
    ['an empty script', { postinstall: '' }],
    ['a list', ['postinstall']],
    ['what is no text', { postinstall: true }],
  ])('is silent about %s', (_, scripts) => {
    expectSilent(withScripts(scripts), RULE);
  });

  it('is silent about a binding.gyp deeper in the package', () => {
    expectSilent(withScripts({}, { 'deps/binding.gyp': '{}', 'src/a.cc': '' }), RULE);
  });
});
