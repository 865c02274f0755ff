import { describe, expect, it } from 'vitest';
import { isTask, itemsOf, taskOf } from '../../../packages/sweep/src/tasks.ts';

describe('a task', () => {
  it('has one id for the same work, and another once that has changed', () => {
    const work = { kind: 'package', name: 'a' } as const;
    expect(taskOf(work)).toEqual(taskOf({ ...work }));
    expect(taskOf(work, '7').id).not.toBe(taskOf(work).id);
    expect(taskOf(work).id).toMatch(/^t-[0-9a-f]{40}$/);
  });

  it('is itself again after JSON', () => {
    for (const work of [
      { kind: 'package', name: 'a' },
      { kind: 'files', paths: ['a.tgz'] },
      { kind: 'addresses', addresses: ['https://example.com/a.tgz'] },
    ] as const)
      expect(isTask(JSON.parse(JSON.stringify(taskOf(work))))).toBe(true);
  });

  it.each([
    null,
    'x',
    {},
    { id: 't-1', kind: 'package', name: 'a' },
    { ...taskOf({ kind: 'package', name: 'a' }), name: 7 },
    { ...taskOf({ kind: 'files', paths: [] }), paths: 'a' },
    { ...taskOf({ kind: 'files', paths: [] }), paths: Array.from({ length: 51 }, () => 'a') },
    { ...taskOf({ kind: 'files', paths: [] }), kind: 'run', command: 'id' },
  ])('is not %j', (value) => {
    expect(isTask(value)).toBe(false);
  });

  it('is shown without what signs somebody in', () => {
    const addresses = ['https://user:secret@example.com/a.tgz?token=secret'];
    expect(itemsOf({ kind: 'addresses', addresses })).toEqual(['https://example.com/a.tgz']);
  });
});
