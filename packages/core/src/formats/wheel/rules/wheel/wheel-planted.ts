import { Trait } from '../../../../containers/entry.ts';
import { withCodes } from '../../../../rules/table-rows.ts';
import { quote } from '../../../../text/printable.ts';
import { foldedKey, settledPath } from '../../../../tree/package-path.ts';
import { dataFolderOf, installPlace } from '../../places.ts';
import type { WheelRule } from '../../wheel-rule.ts';

const planted = withCodes({
  id: 'wheel-planted',
  level: 'error',
  summary: 'The wheel writes a record that only an installer writes',
  advice: {
    forUsers:
      'Do not install it: pip would treat a second distribution as installed and later delete its files, or `pip freeze` would list an address that the package chose.',
    forPublishers:
      'Leave `.egg-info`, `.egg-link`, `.egg`, further `.dist-info` and direct_url.json out of the wheel. A wheel that was packed from an installed package has them; build it from its sources.',
  },
});

/** Endings by which Python and pip recognise an installed distribution. */
const DISTRIBUTION = /\.(?:dist-info|egg-info|egg-link|egg)$/i;

/** The component of an installed path that would be a distribution of its own. */
function plantedPart(path: string): string | undefined {
  const place = installPlace(path);
  if (place === undefined) return undefined;
  const parts = place.path.split('/');
  // Python looks for distributions at the top; the scheme `data` reaches every folder of an environment.
  const looked = place.scheme === 'site-packages' ? parts.slice(0, 1) : parts;
  const found = looked.find((part) => DISTRIBUTION.test(part));
  // A `.dist-info` at the top of the wheel is its own, or wheel-dist-info reports it.
  return found !== undefined &&
    dataFolderOf(path) === undefined &&
    place.scheme === 'site-packages' &&
    /\.dist-info$/i.test(found)
    ? undefined
    : found;
}

export const wheelPlantedDistribution: WheelRule = {
  ...planted(
    'wheel-planted-distribution',
    'The wheel installs a second distribution beside its own',
  ),
  kind: 'metadata',
  check: ({ files }, report) => {
    for (const [path, { entry }] of files) {
      const found = plantedPart(path);
      if (found !== undefined) report(`${quote(path)} is part of ${quote(found)}`, entry);
    }
  },
};

/** Only installers know where a package came from (PEP 610). No program relies on INSTALLER and REQUESTED. */
const OF_INSTALLERS = 'direct_url.json';

export const wheelInstallerFile: WheelRule = {
  ...planted(
    'wheel-installer-file',
    'The wheel states where it was installed from, which only an installer may write',
  ),
  kind: 'metadata',
  check: ({ files, distInfo }, report) => {
    for (const [path, { entry }] of files) {
      const [top, name, ...more] = settledPath(path).split('/');
      if (top !== distInfo || name === undefined || more.length > 0) continue;
      if (foldedKey(name, Trait.NonAscii | Trait.UpperCase) === OF_INSTALLERS)
        report(quote(path), entry);
    }
  },
};
