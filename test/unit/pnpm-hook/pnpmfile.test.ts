/** pnpm writes the checksum of a config dependency's pnpmfile into lockfiles, so the published file never changes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repository } from '../../support/managers.ts';

it('the published pnpmfile is one line that never changes', () => {
  const text = readFileSync(join(repository, 'packages/pnpm-hook/pnpmfile.cjs'), 'utf8');
  expect(text).toBe("module.exports = require('./dist/index.cjs')\n");
});
