import { quote } from '../../../../text/printable.ts';
import { dataFolderOf, installPlace } from '../../places.ts';
import type { WheelRule } from '../../wheel-rule.ts';

/** Endings by which Python and pip recognise an installed distribution. */
const DISTRIBUTION = /\.(?:dist-info|egg-info|egg-link|egg)$/i;

/** The component of an installed path that would be a distribution of its own. */
function planted(path: string): string | undefined {
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
  kind: 'metadata',
  id: 'wheel-planted-distribution',
  level: 'error',
  summary: 'The wheel installs a second distribution beside its own',
  advice: {
    forUsers:
      'Do not install it: pip treats the second distribution as installed, and deletes the files that it lists when that one is upgraded or removed.',
    forPublishers:
      'Leave `.egg-info`, `.egg-link`, `.egg` and further `.dist-info` out of the wheel; the one that the build tool writes is enough.',
  },
  check: ({ files }, report) => {
    for (const [path, { entry }] of files) {
      const found = planted(path);
      if (found !== undefined) report(`${quote(path)} is part of ${quote(found)}`, entry);
    }
  },
};
