import { expect, it } from 'vitest';
import { movedTo } from '../../../packages/cli/src/command-line/tarwarden.ts';

it.each(['gateway', 'verdaccio', 'sweep'])('%s has moved', (name) => {
  expect(movedTo(name)).toMatch(new RegExp(`; run: tarwarden-server ${name} …$`));
});

it.each(['scan', 'npm', 'constructor'])('%s has not', (name) => {
  expect(movedTo(name)).toBeUndefined();
});
