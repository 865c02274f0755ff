import { describe, expect, it } from 'vitest';
import { inspectedModule } from '../../support/go/inspected-module.ts';
import { expectSilent } from '../../support/inspected.ts';

const RULE = 'go-mod-other-path';

describe('go-mod-other-path', () => {
  it('notes a fork that keeps the path of what it replaces', () => {
    const verdict = inspectedModule({ files: { 'go.mod': 'module example.org/upstream\n' } });
    expect(verdict.of(RULE)).toMatchObject([
      {
        level: 'note',
        message: expect.stringContaining('"example.org/upstream" in the zip of "example.org/m"'),
      },
    ]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about a module without a go.mod', () => {
    expectSilent(inspectedModule({ files: { 'm.go': 'package m\n' } }), RULE);
  });
});
