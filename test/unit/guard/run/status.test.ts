import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NPM_STATUS, PNPM_STATUS, report, takeNonce } from '@tarwarden/guard/run';
import { freshFolder } from '../../../support/fresh-folder.ts';

const blocked = { event: 'blocked', subject: 'bad@1.0.0' } as const;

let root: string;
freshFolder((made) => (root = made));

describe.each([
  ['npm', NPM_STATUS, 'TARWARDEN_NPM_STATUS', 'TARWARDEN_NPM_NONCE'],
  ['pnpm', PNPM_STATUS, 'TARWARDEN_PNPM_STATUS', 'TARWARDEN_PNPM_NONCE'],
] as const)('the channel of %s', (_manager, channel, file, nonce) => {
  test('takes lines after those that are there', () => {
    const path = join(root, 'status');
    writeFileSync(path, 'before\n');
    report({ [file]: path }, channel, blocked);
    expect(readFileSync(path, 'utf8')).toBe(`before\n${JSON.stringify(blocked)}\n`);
  });

  test('gives the nonce once', () => {
    const env = { [nonce]: 'secret', OTHER: 'kept' };
    expect(takeNonce(env, channel)).toBe('secret');
    expect(env).toEqual({ OTHER: 'kept' });
    expect(takeNonce(env, channel)).toBe('');
  });

  test('is silent where no wrapper made a file, or took it away', () => {
    for (const env of [{}, { [file]: '' }, { [file]: join(root, 'gone', 'status') }])
      expect(() => report(env, channel, blocked)).not.toThrow();
    expect(readdirSync(root)).toEqual([]);
  });
});
