import { quote } from '../../../../text/printable.ts';
import { installPlace } from '../../places.ts';
import type { WheelRule } from '../../wheel-rule.ts';

/** Python runs lines of .pth files, and imports the modules sitecustomize and usercustomize, also compiled or as packages. */
const AT_START = /^(?:[^/]+\.pth|(?:site|user)customize(?:\.[^/]+|\/__init__\.[^/]+))$/i;

export const wheelPathFile: WheelRule = {
  kind: 'metadata',
  id: 'wheel-path-file',
  level: 'note',
  summary: 'The wheel has a file that Python runs at every start',
  advice: {
    forUsers:
      'You need not do anything if you know the package: setuptools and tools for coverage have a .pth file. Look into the file otherwise, since it runs without an import.',
    forPublishers: 'Use an ordinary import instead, if that is enough.',
  },
  check: ({ files }, report) => {
    for (const [path, { entry }] of files) {
      const place = installPlace(path);
      if (place?.scheme === 'site-packages' && AT_START.test(place.path))
        report(quote(path), entry);
    }
  },
};
