import { describe, expect, it } from 'vitest';
import { isTask, itemsOf, taskOf, taskText } from '../../../../packages/server/src/sweep/tasks.ts';

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
    const [item] = itemsOf({ kind: 'addresses', addresses });
    expect(item).toMatch(/^https:\/\/example\.com\/a\.tgz \([0-9a-f]{12}\)$/);
    expect(itemsOf({ kind: 'addresses', addresses: ['https://u:p@example.com/a.tgz'] })).toEqual([
      'https://example.com/a.tgz',
    ]);
  });

  it('is shown so that two are two, though what differs is not shown', () => {
    const same = 'https://example.com/a.tgz';
    const long = 'x'.repeat(600);
    const addresses = [same, `${same}?a`, `${same}?b`, `${same}/${long}1`, `${same}/${long}2`];
    expect(new Set(itemsOf({ kind: 'addresses', addresses })).size).toBe(5);
  });

  it('has one text, and another one for other work with its id', () => {
    const task = taskOf({ kind: 'files', paths: ['a.tgz'] }, '', 'mark');
    const { id, ...others } = task;
    expect(taskText({ id, ...others })).toBe(taskText(task));
    expect(JSON.parse(taskText(task))).toEqual(task);
    expect(taskText({ kind: 'files', paths: [], of: 'mark', id })).not.toBe(taskText(task));
    expect(taskText({ ...task, of: 'another' })).not.toBe(taskText(task));
  });
});
