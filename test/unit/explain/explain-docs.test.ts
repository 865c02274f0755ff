/** The examples of docs/explain.md are what the command prints on a terminal of 80 columns; `vitest -u` writes them anew. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { inspect } from '@tarwarden/core';
import { PLAIN } from '@tarwarden/core/text';
import { explain, explanationText } from '@tarwarden/explain';
import { attack, zipAttacks } from '../../support/attacks.ts';

const page = fileURLToPath(new URL('../../../docs/explain.md', import.meta.url));
const EXAMPLE = /(<!-- example: (\S+) -->\n)[^]*?(<!-- end -->)/g;

function output(id: string): string {
  const inZip = zipAttacks.find((one) => one.id === id);
  const bytes = (inZip ?? attack(id)).build({ name: 'left-shift', version: '1.0.0' });
  const verdict = inspect(bytes, { format: inZip === undefined ? 'npm' : 'yarn-zip' });
  const name = inZip === undefined ? 'left-shift-1.0.0.tgz' : 'left-shift-npm-1.0.0.zip';
  const text = explanationText(explain(name, bytes, verdict), PLAIN, 80);
  return [`$ tarwarden explain ${name}`, ...text.trimEnd().split('\n')]
    .map((line) => (line === '' ? '\n' : `    ${line}\n`))
    .join('');
}

test('docs/explain.md shows what is printed', async () => {
  const shown = readFileSync(page, 'utf8').replace(
    EXAMPLE,
    (_all, head: string, id: string, end: string) => `${head}\n${output(id)}\n${end}`,
  );
  await expect(shown).toMatchFileSnapshot(page);
});
