import { quote } from '../../../../text/printable.ts';
import { installPlace } from '../../places.ts';
import type { WheelRule } from '../../wheel-rule.ts';

export const rule: WheelRule = {
  kind: 'metadata',
  id: 'wheel-path-file',
  level: 'note',
  summary: 'The wheel has a .pth file, of which Python runs lines at every start',
  advice: {
    forUsers:
      'Nothing to do if you know the package: setuptools and tools for coverage have one. Look into the file otherwise, since it runs without an import.',
    forPublishers: 'Do without it where an import does as well.',
  },
  check: ({ files }, report) => {
    for (const [path, { entry }] of files) {
      const place = installPlace(path);
      if (place?.scheme === 'site-packages' && /^[^/]+\.pth$/i.test(place.path))
        report(quote(path), entry);
    }
  },
};
