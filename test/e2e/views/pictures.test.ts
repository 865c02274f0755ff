/** The picture "one archive, five trees" shows what the real clients install, and what the built guards do. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { available } from '../../support/managers.ts';
import { picturesFolder } from '../../support/pictures/drawn.ts';
import type { FiveTrees } from '../../support/pictures/five-trees.ts';
import { CLIENTS, guardedOf, treeOf, type PictureClient } from './pictures.ts';

const data = JSON.parse(readFileSync(join(picturesFolder, 'five-trees.json'), 'utf8')) as FiveTrees;

describe.each(Object.keys(CLIENTS) as PictureClient[])('%s', (client) => {
  const can = available(client);
  test.skipIf(!can.ok)(
    `installs the tree of the picture${can.ok ? '' : `: ${can.reason}`}`,
    async () => {
      expect(await treeOf(client)).toEqual(data.clients[client]?.tree);
      expect(await guardedOf(client)).toBe(data.clients[client]?.guarded);
    },
  );
});
