import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { cliPage, generatedCliPage } from '../../support/cli-docs.ts';

it('docs/cli.md has the commands as they are defined: pnpm cli-docs', async () => {
  expect(readFileSync(cliPage, 'utf8')).toBe(await generatedCliPage());
});
