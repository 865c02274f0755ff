import { describe, expect, it } from 'vitest';
import type { Level } from '@tarwarden/core';
import { levelIn, strictestLevel } from '../../../packages/core/src/rules/levels.ts';

const rule = (level: Level, pypi: Level) => ({
  level,
  elsewhere: { pypi: { level: pypi, reason: 'Counted.' } },
});

describe('the level of a rule', () => {
  it("is the rule's own where an ecosystem has no other", () => {
    expect(levelIn('npm', rule('error', 'note'))).toBe('error');
    expect(levelIn('go', { level: 'note' })).toBe('note');
  });

  it('is that of the ecosystem where it has one', () => {
    expect(levelIn('pypi', rule('error', 'note'))).toBe('note');
  });

  it('is that of the format where it has one', () => {
    const both = {
      ...rule('error', 'note'),
      elsewhere: { sdist: { level: 'warning', reason: 'Counted.' } },
    } as const;
    expect(levelIn('pypi', both, 'sdist')).toBe('warning');
    expect(levelIn('pypi', both)).toBe('error');
    expect(levelIn('pypi', rule('error', 'note'), 'sdist')).toBe('note');
  });

  it('counts as loosened below the strictest', () => {
    expect(strictestLevel(rule('note', 'error'))).toBe('error');
    expect(strictestLevel(rule('error', 'note'))).toBe('error');
    expect(strictestLevel({ level: 'warning' })).toBe('warning');
  });
});
