import { expect, it } from 'vitest';
import { movedTo } from '../../../packages/cli/src/command-line/tarwarden.ts';

it.each([
  ['gateway', ['--upstream', 'https://x'], 'tarwarden-server gateway …'],
  ['sweep', ['run'], 'tarwarden-server sweep …'],
  ['verdicts', ['serve'], 'tarwarden-server verdicts serve …'],
  ['verdicts', ['serve', 'push'], 'tarwarden-server verdicts serve …'],
  ['verdicts', ['--storage', 'x', 'serve'], 'tarwarden-server verdicts serve …'],
])('%s %j has moved', (name, args, command) => {
  expect(movedTo(name, args)).toMatch(new RegExp(`; run: ${command}$`));
});

it.each([
  ['scan', ['gateway']],
  ['verdicts', []],
  ['verdicts', ['--help']],
  ['verdicts', ['push', 'serve']],
  ['verdicts', ['--key', 'serve', 'export', '--out', 'x']],
  ['npm', ['serve']],
  ['constructor', []],
])('%s %j has not', (name, args) => {
  expect(movedTo(name, args)).toBeUndefined();
});
