import { describe, expect, it } from 'vitest';
import { inspectedModule } from '../../support/go/inspected-module.ts';
import { expectRejected, expectSilent } from '../../support/inspected.ts';

const RULE = 'module-name-invalid';

describe('module-name-invalid', () => {
  it('rejects a version that is not canonical', () => {
    const verdict = inspectedModule({ module: 'example.org/m@v1' }, {});
    expectRejected(verdict, RULE, [
      { level: 'error', message: expect.stringContaining('"v1" is not a canonical version') },
    ]);
  });

  it('is silent about pseudo-versions', () => {
    const verdict = inspectedModule(
      { module: 'example.org/Some/m/v2@v2.0.0-20200101000000-0123456789ab' },
      {},
    );
    expectSilent(verdict, RULE);
  });

  it.each([
    ['example.org/m', 'v2.0.0'],
    ['example.org/m/v1', 'v1.0.0'],
    ['example.org/m/v02', 'v2.0.0'],
    ['example.org/m/v2.1', 'v2.1.0'],
    ['example.org/m/v2', 'v3.0.0'],
    ['gopkg.in/yaml', 'v1.0.0'],
    ['gopkg.in/yaml.v3', 'v2.0.0'],
    ['Example.org/m', 'v1.0.0'],
    ['example/m', 'v1.0.0'],
    ['example.org/con', 'v1.0.0'],
    ['example.org/m~1', 'v1.0.0'],
    ['example.org/.m', 'v1.0.0'],
    ['example.org/m', 'v1.0.0+build'],
    ['example.org/m', 'v1.00.0'],
  ])('rejects %s@%s, also of a zip without entries', (name, version) => {
    const module = `${name}@${version}`;
    for (const files of [{ 'm.go': 'package m\n' }, {}])
      expect(inspectedModule({ module, files }, { name, version }).of(RULE)).toHaveLength(1);
  });

  it.each([
    ['example.org/m/v2', 'v2.0.0'],
    ['example.org/m', 'v2.0.0+incompatible'],
    ['gopkg.in/yaml.v3', 'v3.0.1'],
    ['gopkg.in/check.v1', 'v0.0.0-20161208181325-20d25e280405'],
    ['gopkg.in/x.v0-unstable', 'v0.1.0'],
    ['golang.org/toolchain', 'v0.0.1-go1.99.0.linux-amd64'],
    ['example.org/Some_m/v', 'v1.0.0'],
  ])('is silent about %s@%s', (name, version) => {
    const verdict = inspectedModule({ module: `${name}@${version}` }, { name, version });
    expect(verdict.of(RULE)).toEqual([]);
  });
});
