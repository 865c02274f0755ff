/** Every setting that Yarn knows either stops Yarn in a file of another user, or is on this list of what harms nobody. */
import { expect, it } from 'vitest';
import { DECIDES } from '../../../packages/settings/src/yarn/strangers.ts';
import { readKnown, rowsOf } from '../../support/settings/record.ts';
import { namesOf } from '../../support/settings/row.ts';

const LAYOUT =
  'minizip nmHoistingLimits nmMode nmSelfReferences nodeExperimentalPackageMap nodeLinker nodePackageMapType pnpEnableEsmLoader ' +
  'pnpEnableInlining pnpFallbackMode pnpIgnorePatterns pnpMode pnpZipBackend pnpmInstallConcurrency winLinkType';
const NETWORK =
  'cloneConcurrency enableNetwork enableOfflineMode httpRetry httpTimeout networkConcurrency taskPoolConcurrency taskPoolMode';
/** Which versions of packages of the registry are chosen, and for which platform. */
const CHOICE =
  'defaultLanguageName defaultSemverRangePrefix enableTransparentWorkspaces preferReuse supportedArchitectures';
/** The lockfile and the archives are still compared with what was promised. */
const COMPARED =
  'cacheMigrationMode compressionLevel immutablePatterns enableGlobalCache enableMirror';
/** Yarn takes it from no file. */
const NOWHERE = 'rcFilename';

it('counts every setting that names code, a registry or a store, or leaves a check out', () => {
  const harmless = new Set([LAYOUT, NETWORK, CHOICE, COMPARED, NOWHERE].join(' ').split(' '));
  const named = rowsOf.yarn
    .filter((row) => row.class !== 'harmless')
    .flatMap(namesOf)
    .filter((name) => !harmless.has(name));
  expect(named.filter((name) => !DECIDES.has(name))).toEqual([]);
  expect([...harmless].filter((name) => DECIDES.has(name))).toEqual([]);
});

it('counts no setting that no Yarn knows', () => {
  const known = readKnown().settings.yarn;
  const unknown = [...DECIDES].filter((name) => known[name] === undefined);
  // Yarn keeps the plugins of a file by itself.
  expect(unknown).toEqual(['plugins']);
});
