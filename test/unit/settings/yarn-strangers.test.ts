import { expect, it } from 'vitest';
import { HARMLESS } from '../../../packages/settings/src/yarn/strangers.ts';
import { readKnown, rowsOf } from '../../support/settings/record.ts';
import { namesOf } from '../../support/settings/row.ts';

const classOf = new Map(
  rowsOf.yarn.flatMap((row) => namesOf(row).map((name) => [name, row.class])),
);

it('lists only settings that Yarn knows', () => {
  const known = readKnown().settings.yarn;
  expect([...HARMLESS].filter((name) => known[name] === undefined)).toEqual([]);
});

it('lists no setting that runs code or could blind the guard', () => {
  const classes = new Set(['runs-code', 'guard']);
  expect([...HARMLESS].filter((name) => classes.has(classOf.get(name) ?? ''))).toEqual([]);
});

it('leaves out what names a registry, a proxy, a folder or a check', () => {
  const said =
    /registr|scopes|auth|proxy|file|folder|path|whitelist|hardened|immutableinstalls|agegate|preapproved|checksum/i;
  expect([...HARMLESS].filter((name) => said.test(name))).toEqual([]);
});

it('leaves out, of what is on record as harmless, only what names a registry, code or a folder', () => {
  const left = [...classOf].filter(([name, one]) => one === 'harmless' && !HARMLESS.has(name));
  expect(left.map(([name]) => name).toSorted()).toEqual([
    'constraintsPath',
    'deferredVersionFolder',
    'npmAuditRegistry',
    'npmPublishRegistry',
  ]);
});
