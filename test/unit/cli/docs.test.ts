import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { cliPagePath, cliPages, generatedCliPage } from '../../support/cli-docs.ts';

it.each(cliPages)(
  '%s has the commands as they are defined: pnpm cli-docs',
  async (page, program) => {
    expect(readFileSync(cliPagePath(page), 'utf8')).toBe(await generatedCliPage(page, program));
  },
);
