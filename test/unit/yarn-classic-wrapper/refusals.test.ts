import { expect, test } from 'vitest';
import { climbing, leaving } from '../../../packages/yarn-classic-wrapper/src/inspector.ts';

const subject = { label: 'a@1.0.0' };

test.each([
  ['@s/../../x', '1.0.0', /a name that is not a name: it holds a `.` or `..` component/],
  ['.bin', '1.0.0', /a name that is not a name/],
  ['a', '1.0.0/../../x', /a version that is not a version: it holds/],
])('%s in version %s is refused', (name, version, reason) => {
  expect(climbing(subject, name, version)?.reasons[0]).toMatch(reason);
});

test.each([
  ['@scope/name', '1.0.0'],
  ['JSONStream', '1.0.0-beta.1+build.5'],
  [undefined, undefined],
])('%s in version %s is not', (name, version) => {
  expect(climbing(subject, name, version)).toBeUndefined();
});

test('a link that leads out is named, with what it leads to, escaped', () => {
  const { block, subject: called } = leaving({ name: 'a\u001b[31m', target: '/etc' }, subject);
  expect(called).toBe('a@1.0.0');
  expect(block).toContain('is a link that leads out of the package, to /etc');
  expect(block).not.toContain('\u001b');
  expect(leaving({ name: 'pipe' }, subject).reasons).toEqual([
    'pipe is neither a file nor a folder',
  ]);
});
