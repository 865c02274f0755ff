/** The screenshots of the pages about refusals are small, as wide as the text, and each is in the documentation with a description. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repository } from '../../support/managers.ts';
import { pictureOf, STEPS } from '../../support/pictures/approval-steps.ts';

const page = readFileSync(join(repository, 'docs/server/approvals-pages.md'), 'utf8');

it.each(STEPS.map(pictureOf))('%s', (name) => {
  const png = readFileSync(join(repository, 'docs/pictures', name));
  expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
  expect(png.readUInt32BE(16)).toBe(800);
  expect(png.length).toBeLessThan(60_000);
  expect(page).toMatch(
    new RegExp(`!\\[[^\\]]{40,}\\]\\(\\.\\./pictures/${name.replace('.', '\\.')}\\)`),
  );
});
