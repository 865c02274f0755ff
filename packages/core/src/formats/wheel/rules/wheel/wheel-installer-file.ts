import { Trait } from '../../../../containers/entry.ts';
import { quote } from '../../../../text/printable.ts';
import { foldedKey, settledPath } from '../../../../tree/package-path.ts';
import type { WheelRule } from '../../wheel-rule.ts';

/** Only installers know where a package came from (PEP 610). No program relies on INSTALLER and REQUESTED. */
const OF_INSTALLERS = 'direct_url.json';

export const wheelInstallerFile: WheelRule = {
  kind: 'metadata',
  id: 'wheel-installer-file',
  level: 'error',
  summary: 'The wheel states where it was installed from, which only an installer may write',
  advice: {
    forUsers:
      'Do not install it: `pip freeze` would list an address that the package chose as its source, and a later install from that list downloads from there.',
    forPublishers:
      'Leave direct_url.json out of the wheel: installers write it. A wheel that was packed from an installed package has it; build it from its sources.',
  },
  check: ({ files, distInfo }, report) => {
    for (const [path, { entry }] of files) {
      const [top, name, ...more] = settledPath(path).split('/');
      if (top !== distInfo || name === undefined || more.length > 0) continue;
      if (foldedKey(name, Trait.NonAscii | Trait.UpperCase) === OF_INSTALLERS)
        report(quote(path), entry);
    }
  },
};
