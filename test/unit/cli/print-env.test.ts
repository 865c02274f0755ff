import { describe, expect, it } from 'vitest';
import { printVariables } from '../../../packages/cli/src/commands/clients/run.ts';

const variables = [
  ['NODE_OPTIONS', `--require "/it's here/preload.cjs"`],
  ['OTHER', '$HOME `id`'],
] as const;

describe('printVariables', () => {
  it.each([
    [
      'posix',
      `export NODE_OPTIONS='--require "/it'\\''s here/preload.cjs"'\nexport OTHER='$HOME \`id\`'\n`,
    ],
    [
      'powershell',
      `$env:NODE_OPTIONS = '--require "/it''s here/preload.cjs"'\n$env:OTHER = '$HOME \`id\`'\n`,
    ],
    ['dotenv', `NODE_OPTIONS=--require "/it's here/preload.cjs"\nOTHER=$HOME \`id\`\n`],
  ] as const)('quotes for %s', (shell, expected) => {
    expect(printVariables(variables, shell)).toBe(expected);
  });

  it('lets no value become a second variable', () => {
    expect(() => printVariables([['A', 'x\nB=y']], 'dotenv')).toThrow(/line end/);
  });
});
