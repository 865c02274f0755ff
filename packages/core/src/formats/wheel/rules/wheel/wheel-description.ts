import { headerValues } from '../../../../metadata/pypi/header-fields.ts';
import { strayCharacter } from '../../../../metadata/pypi/stray-characters.ts';
import { withCodes } from '../../../../rules/table-rows.ts';
import { quote } from '../../../../text/printable.ts';
import type { WheelRule } from '../../wheel-rule.ts';

const description = withCodes({
  id: 'wheel-description',
  level: 'error',
  summary: 'The description of the wheel is missing, or can be read in two ways',
  advice: {
    forUsers:
      'Do not install it: it is not certain which package this is, what it depends on, and how it is unpacked. Installers refuse it, or guess.',
    forPublishers:
      'Build the wheel again in an empty folder with a current build tool; a stale `.dist-info` in the sources is a known cause.',
  },
});

export const wheelDistInfo: WheelRule = {
  ...description('wheel-dist-info', 'The wheel does not have exactly one .dist-info folder'),
  kind: 'metadata',
  check: (wheel, report) => {
    const { distInfos, tree } = wheel;
    for (const [name, entry] of distInfos) {
      if (!name.endsWith('.dist-info')) report(`${quote(name)} is not in lower case`, entry);
      else if (distInfos.size > 1) report(`${quote(name)} is one of ${distInfos.size}`, entry);
    }
    if (distInfos.size === 0 && tree.complete) report('there is none');
  },
};

/** Python's email parser compares names in any case; pip takes `true` in any case as true, and all else as false. */
const KNOWN: readonly (readonly [field: string, known: RegExp])[] = [
  ['wheel-version', /^[01]\.[0-9]+$/],
  ['root-is-purelib', /^(?:true|false)$/i],
];

export const wheelFormatVersion: WheelRule = {
  ...description(
    'wheel-format-version',
    'The WHEEL file is missing, or is of a version that is not known here',
  ),
  kind: 'metadata',
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

export const wheelMetadata: WheelRule = {
  ...description(
    'wheel-metadata',
    'The METADATA file of the wheel is missing, or can be read in two ways',
  ),
  kind: 'metadata',
  check: ({ metadata, distInfo, tree }, report, _context) => {
    if (metadata === undefined) {
      if (distInfo !== undefined && tree.complete)
        report(`${quote(`${distInfo}/METADATA`)} is missing`);
    } else if (metadata.content === undefined) {
      if (tree.complete)
        report(`it has ${metadata.entry.size} bytes, and is not read`, metadata.entry);
    } else {
      for (const wrong of metadata.content.wrong) report(wrong, metadata.entry);
    }
  },
};
