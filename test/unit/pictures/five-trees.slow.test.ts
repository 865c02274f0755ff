/** The trees of the picture are those of today's archive, and what the models of `explain` and the rules say of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from '@tarwarden/core';
import { expect, it } from 'vitest';
import { viewOf } from '../../../packages/explain/src/readers/views-of.ts';
import type { NpmViewer } from '../../../packages/explain/src/readers/view.ts';
import { CLIENTS, oddDigest, type PictureClient } from '../../e2e/views/pictures.ts';
import { versionOf } from '../../support/managers.ts';
import { picturesFolder } from '../../support/pictures/drawn.ts';
import type { FiveTrees } from '../../support/pictures/five-trees.ts';
import { fiveTrees } from '../../support/pictures/five-trees.ts';
import { oddPackage } from '../../support/pictures/odd-package.ts';
import { flawsOf } from '../../support/well-formed.ts';

const data = JSON.parse(readFileSync(join(picturesFolder, 'five-trees.json'), 'utf8')) as FiveTrees;
const clients = Object.keys(CLIENTS) as PictureClient[];
const VIEWERS: Readonly<Record<PictureClient, NpmViewer>> = {
  'npm-12': 'npm',
  'pnpm-12': 'pnpm-12',
  'yarn-4': 'yarn-4',
  'yarn-1': 'yarn-1',
  bun: 'bun',
};

it('the data is of this archive and of the pinned clients', () => {
  expect(data.digest).toBe(oddDigest());
  expect(Object.keys(data.clients)).toEqual(clients);
  expect(clients.map((client) => data.clients[client]?.version)).toEqual(
    clients.map((client) => versionOf(client).version),
  );
});

it.each(clients)('the tree of %s is what its model says', (client) => {
  const view = viewOf(VIEWERS[client], oddPackage.build());
  const files = view.files.map(({ path, kind }) => [path, kind]);
  expect(Object.fromEntries(files)).toEqual(data.clients[client]?.tree);
});

it('no two of the five trees are alike', () => {
  const trees = clients.map((client) => JSON.stringify(data.clients[client]?.tree));
  expect(new Set(trees).size).toBe(5);
});

it('every guard refused the archive, and what `scan` says of it is a reject', () => {
  const guarded = clients.map((client) => data.clients[client]?.guarded);
  expect(guarded).toEqual(clients.map(() => 'refused'));
  expect(inspect(oddPackage.build()).status).toBe('reject');
});

it('stays a picture whatever a client is called', () => {
  const [first] = Object.values(data.clients);
  const picture = fiveTrees({
    digest: '',
    clients: { odd: { ...first!, title: '</text><script>&"\u001B[31m\u202E', guarded: '<a>' } },
  });
  expect(flawsOf(picture)).toEqual([]);
  expect(picture).not.toContain('<script');
});
