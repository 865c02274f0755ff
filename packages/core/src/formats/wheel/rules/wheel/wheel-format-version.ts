import { headerValues } from '../../../../metadata/pypi/header-fields.ts';
import { strayCharacter } from '../../../../metadata/pypi/stray-characters.ts';
import { quote } from '../../../../text/printable.ts';
import type { WheelRule } from '../../wheel-rule.ts';

/** Python's email parser compares names in any case; pip takes `true` in any case as true, and all else as false. */
const KNOWN: readonly (readonly [field: string, known: RegExp])[] = [
  ['wheel-version', /^[01]\.[0-9]+$/],
  ['root-is-purelib', /^(?:true|false)$/i],
];

export const wheelFormatVersion: WheelRule = {
  kind: 'metadata',
  id: 'wheel-format-version',
  level: 'error',
  summary: 'The WHEEL file is missing, or is of a version that is not known here',
  advice: {
    forUsers:
      'Do not install it: this file says how to unpack the wheel. Installers refuse an unknown version, or guess.',
    forPublishers:
      'Build the wheel again with a current build tool, which writes `Wheel-Version: 1.0`.',
  },
  check: ({ wheel, distInfo, tree }, report) => {
    if (wheel === undefined) {
      if (distInfo !== undefined && tree.complete)
        report(`${quote(`${distInfo}/WHEEL`)} is missing`);
      return;
    }
    const { content, entry } = wheel;
    if (content === undefined) {
      if (tree.complete) report(`it has ${entry.size} bytes, and is not read`, entry);
      return;
    }
    const wrong =
      content.wrong ?? strayCharacter(content.fields.map(({ value }) => value).join('\n'));
    if (wrong !== undefined) report(wrong, entry);
    for (const [field, known] of KNOWN) {
      const values = headerValues(content, field);
      if (values.length !== 1 || !known.test(values[0]!))
        report(`${field}: ${values.length === 0 ? 'missing' : quote(values.join(', '))}`, entry);
    }
  },
};
