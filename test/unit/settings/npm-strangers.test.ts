import { expect, it } from 'vitest';
import { HARMLESS } from '../../../packages/settings/src/npm/strangers.ts';
import { npmSettings } from '../../support/settings/npm.ts';
import { namesOf } from '../../support/settings/row.ts';

/** They are on record as more than harmless: a project can have npm say less, or choose other versions. They name nothing. */
const NAMING_NOTHING = ['engine-strict', 'legacy-peer-deps', 'loglevel', 'strict-peer-deps'];

it('takes for harmless what is on record as harmless', () => {
  const harmless = npmSettings.filter((row) => row.class === 'harmless').flatMap(namesOf);
  expect([...HARMLESS].toSorted()).toEqual([...harmless, ...NAMING_NOTHING].toSorted());
});
