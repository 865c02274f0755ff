/** Settings files by which a repository would keep us busy. Each ends at once, or the test ends by its time limit. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { pnpmLayersIn, clientContext } from '@tarwarden/clients/settings';
import { freshFolder } from '../../../support/fresh-folder.ts';

let root: string;
freshFolder((made) => (root = made));

function unreadable(version: string, file: string, text: string): string[] {
  writeFileSync(join(root, 'package.json'), '{}');
  writeFileSync(join(root, file), text);
  const where = clientContext({ folder: root, env: { HOME: join(root, 'home') } });
  const layers = pnpmLayersIn(version, where, { workspace: root, package: root });
  return layers.flatMap((layer) => layer.unreadable ?? []);
}

const tens = (level: number): string =>
  `x${level}: &x${level} [${Array(10)
    .fill(`*x${level - 1}`)
    .join()}]`;
const levels = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map(tens).join('\n');

it.each([
  ['a list in itself', 'pnpmfile: &a [*a]\n'],
  ['a mapping in itself', 'pnpmfile: &a {b: *a}\n'],
  ['aliases of aliases', `x0: &x0 a\n${levels}\npnpmfile: *x12\n`],
  ['merged aliases of aliases', `x0: &x0 a\n${levels}\n<<: {pmOnFail: *x12}\n`],
])('YAML with %s is unreadable', (_, text) => {
  for (const version of ['10.34.8', '11.28.10', '12.21.0'])
    expect(unreadable(version, 'pnpm-workspace.yaml', text)).toEqual([
      expect.stringContaining('is not what its client writes'),
    ]);
});

it.each(['${', '${a', '${-', '${a?', '\\'])('a value of many %j is read', (part) => {
  const many = part.repeat(1_000_000);
  for (const version of ['10.34.8', '11.28.10', '12.21.0'])
    expect(unreadable(version, '.npmrc', `//host/:_authToken=${many}\n`)).toEqual([]);
});
