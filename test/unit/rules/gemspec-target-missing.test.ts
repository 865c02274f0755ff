import { describe, expect, it } from 'vitest';
import { type GemOptions, gemOf } from '../../support/gem.ts';
import { expectSilent, inspected } from '../../support/inspected.ts';

const RULE = 'gemspec-target-missing';
const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });

describe('gemspec-target-missing', () => {
  it.each([
    ['a command without a file', { executables: '\n- run' }, '"bin/run"'],
    ['an extension without a file', { extensions: '\n- ext/extconf.rb' }, '"ext/extconf.rb"'],
  ])('warns about %s', (_, gemspec, message) => {
    const verdict = verdictOf({ gemspec });
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'warning', message: expect.stringContaining(message) },
    ]);
    expect(verdict.status).toBe('accept');
  });

  it('warns about a command that is a folder', () => {
    const verdict = verdictOf({ gemspec: { executables: '\n- run' }, files: { 'bin/run/x': 'x' } });
    expect(verdict.of(RULE)).toMatchObject([{ level: 'warning' }]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about commands and extensions that are there', () => {
    const verdict = verdictOf({
      gemspec: { bindir: './exe', executables: '\n- run', extensions: '\n- ./ext/extconf.rb' },
      files: { 'exe/run': 'x', 'ext/extconf.rb': 'x' },
    });
    expectSilent(verdict, RULE);
  });
});
